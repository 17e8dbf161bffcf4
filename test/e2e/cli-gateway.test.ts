import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { ChannelClient } from "../support/channel-client.ts";
import { channelIn } from "../support/channel-gateway.ts";
import { buildCommandLine, type CommandLine, type Ended } from "../support/cli-process.ts";
import { findFreePort } from "../support/gateway.ts";
import { SECRET, sign } from "../support/tokens.ts";
import { until } from "../support/until.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const KEY = "the-key-of-the-test";

let cli: CommandLine;
let gateway: Workerd;

beforeAll(async () => {
  cli = await buildCommandLine();
  gateway = await startWorkerd({
    configPath: "test/objects/directory-worker/wrangler.toml",
    vars: { ENVIRONMENT: "development", API_KEY: KEY, TOKEN_HMAC_SECRET: SECRET },
  });
});
afterAll(async () => {
  await gateway.stop();
  await cli.delete();
});

/** Runs a command with the address and the key in the environment. */
const poorwill = (line: string): Promise<Ended> =>
  cli.run(`export POORWILL_URL=${gateway.url} POORWILL_API_KEY=${KEY}; ${line}`, cli.folder);

async function json(line: string): Promise<Record<string, never>> {
  return JSON.parse((await poorwill(`${line} --json`)).stdout);
}

async function connectAs(user: string): Promise<ChannelClient> {
  const client = new ChannelClient(`${gateway.url.replace("http", "ws")}/connection/websocket`, {
    token: await sign({ sub: user, info: { id: 1 } }),
  });
  onTestFinished(() => client.centrifuge.disconnect());
  return client.connect();
}

test("CLI-22: what is published is kept, with every digit, and shown", async () => {
  const channel = channelIn("public");
  expect((await poorwill(`poorwill publish ${channel} '{"n":12345678901234567890}'`)).stdout).toMatch(
    /^published at offset 1 of epoch \w+\n$/,
  );
  const again = `poorwill publish ${channel} - --idempotency-key one <<< '"two"'`;
  const published = JSON.parse((await poorwill(`${again.replace(" -", " - --json")}`)).stdout);
  expect(published).toEqual({ result: { offset: 2, epoch: expect.any(String) } });
  await poorwill(again);
  const { stdout } = await poorwill(`poorwill history ${channel}`);
  expect(stdout).toContain('     1        {"n":12345678901234567890}\n     2        "two"\n\n2 publications');
  const { epoch } = published.result;
  expect(await json(`poorwill history ${channel} --since 1:${epoch}`)).toEqual({
    result: { publications: [{ data: "two", offset: 2 }], offset: 2, epoch },
  });
  expect((await poorwill(`poorwill history ${channel} --reverse --limit 1`)).stdout).toContain(
    '2        "two"',
  );
  expect((await poorwill(`poorwill history ${channel} --limit 0`)).stdout).toMatch(/^0 publications, /);
  expect(await poorwill(`poorwill publish ${channel} 1 --skip-history`)).toMatchObject({
    stdout: "published\n",
  });
});

test("CLI-22: who is there is shown, unsubscribed, and disconnected", async () => {
  const channel = channelIn("public");
  const user = `ann-${crypto.randomUUID()}`;
  expect((await poorwill(`poorwill presence ${channel}`)).stdout).toBe("nobody\n");
  const client = await connectAs(user);
  await client.subscribe(channel);
  expect((await poorwill(`poorwill presence ${channel}`)).stdout).toContain(
    `${user}  {"id":1}\n\n1 connection\n`,
  );
  expect((await poorwill(`poorwill presence ${channel} --stats`)).stdout).toBe("1 connection of 1 user\n");
  await until(async () => (await poorwill(`poorwill channels '${channel}'`)).stdout.includes("1 channel\n"));
  expect((await poorwill("poorwill info")).stdout).toContain("edge/");
  await poorwill(`poorwill unsubscribe ${user} --channel ${channel}`);
  expect((await poorwill(`poorwill presence ${channel}`)).stdout).toBe("nobody\n");
  expect(await poorwill(`poorwill disconnect ${user} --code 4500 --reason banned`)).toEqual({
    status: 0,
    stdout: "done, on every hub that holds the user\n",
    stderr: "",
  });
  await until(() => client.centrifuge.state === "disconnected");
});

test("CLI-23: an error is a sentence and a status, and JSON for machines", async () => {
  expect(await poorwill("poorwill publish nowhere:a 1")).toEqual({
    status: 1,
    stdout: "",
    stderr: "poorwill: error 102: unknown channel (no namespace of this name is configured)\n",
  });
  const answered = await poorwill("poorwill publish nowhere:a 1 --json");
  expect([answered.status, JSON.parse(answered.stdout)]).toEqual([
    1,
    { error: { code: 102, message: "unknown channel" } },
  ]);
  const stranger = await poorwill("poorwill info --json --key-stdin <<< wrong");
  expect(stranger).toMatchObject({ status: 1, stderr: expect.stringContaining("does not know this key") });
  expect(JSON.parse(stranger.stdout)).toEqual({ error: { code: 401, message: "unauthorized" } });
  const nobody = await poorwill(`poorwill info --url http://127.0.0.1:${await findFreePort()}`);
  expect([nobody.status, nobody.stderr]).toEqual([
    1,
    expect.stringContaining("cannot be reached: ECONNREFUSED"),
  ]);
});

test.each([
  ["poorwill info --url http://gateway.example", "not encrypted"],
  ["poorwill info --profile nobody", "there is no profile nobody"],
  ["unset POORWILL_URL; poorwill info", "which gateway?"],
  ["poorwill publish public:a hello", "the data is no JSON"],
  ["poorwill publish public:a - --key-stdin < /dev/null", "not both"],
  ["poorwill disconnect ann --code 1", "It is a whole number from 3000 to 4999"],
  ["poorwill history public:a --since 3", "It is an offset and an epoch"],
  ["poorwill profile", "Usage"],
])("CLI-01 CLI-21: %s has the status 2, and says why", async (line, message) => {
  const { status, stdout, stderr } = await poorwill(line);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(message);
});

test("CLI-20: a key goes to its own address, wherever that points", async () => {
  const asked: (string | undefined)[] = [];
  const elsewhere = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(307, { Location: `${gateway.url}${request.url}` }).end();
  });
  const port = await findFreePort();
  await new Promise<void>((listening) => elsewhere.listen(port, "127.0.0.1", listening));
  onTestFinished(() => void elsewhere.close());
  const { status, stderr } = await poorwill(`poorwill info --url http://127.0.0.1:${port}`);
  expect([status, asked]).toEqual([1, ["/api/info"]]);
  expect(stderr).toContain(`the gateway is at ${gateway.url}/api/info`);
});

test("CLI-21: a profile is kept for its owner only, used, and its key never shown", async () => {
  const folder = await mkdtemp(join(cli.folder, "profiles-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const run = (line: string) => cli.run(`export XDG_CONFIG_HOME=${folder}; ${line}`, folder);
  const added = await run(`poorwill profile add here ${gateway.url} <<< ${KEY}`);
  expect(added).toEqual({
    status: 0,
    stdout: expect.stringContaining(`*  here  yes  ${gateway.url}\n`),
    stderr: "",
  });
  const file = join(folder, "poorwill/profiles.json");
  expect(await readFile(file, "utf8")).toContain(KEY);
  expect([(await stat(file)).mode & 0o777, (await stat(join(folder, "poorwill"))).mode & 0o777]).toEqual([
    0o600, 0o700,
  ]);
  expect(await run("poorwill history public:mine --limit 0")).toMatchObject({ status: 0 });
  await run("poorwill profile add there https://there.example < /dev/null && poorwill profile use there");
  expect(JSON.parse((await run("poorwill profile list --json")).stdout)).toEqual({
    profiles: [
      { name: "here", url: gateway.url, hasKey: true, isCurrent: false },
      { name: "there", url: "https://there.example", hasKey: false, isCurrent: true },
    ],
  });
  expect(await run("poorwill history public:mine --limit 0 --profile here")).toMatchObject({ status: 0 });
  expect((await run("poorwill profile remove here")).stdout).not.toContain("here  yes");
  expect(await readFile(file, "utf8")).not.toContain(KEY);
});

test("CLI-24: a reader that goes is no error", async () => {
  const channel = channelIn("public");
  await poorwill(`poorwill publish ${channel} '"${"x".repeat(100_000)}"'`);
  const { status, stderr } = await poorwill(
    `set -o pipefail; poorwill history ${channel} | head -c 10 > /dev/null; echo $PIPESTATUS >&2`,
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "0\n" });
});

test("CLI-30: doctor --live says what keeps hubs awake, as soon as they have reported", async () => {
  const client = await connectAs("ann");
  await client.subscribe(channelIn("public"));
  const live = "poorwill doctor --live";
  await until(async () => (await poorwill(live)).stdout.includes("awake came from"));
  const { status, stdout } = await poorwill(live);
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^✓ version: .+, as this command\n/)]);
  expect((await json(live)).findings).toContainEqual(
    expect.objectContaining({ status: "right", about: "hubs", says: "sleep when nothing happens for 10 s" }),
  );
  const stranger = await poorwill(`${live} --key-stdin <<< wrong`);
  expect([stranger.status, stranger.stderr]).toEqual([
    1,
    expect.stringContaining("error 401: the gateway does not know"),
  ]);
});
