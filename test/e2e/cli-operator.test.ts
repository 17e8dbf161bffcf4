import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { TraceLine } from "../../src/trace/messages.ts";
import { ChannelClient } from "../support/channel-client.ts";
import { channelIn } from "../support/channel-gateway.ts";
import { buildCommandLine, type CommandLine, type Running } from "../support/cli-process.ts";
import { SECRET, sign } from "../support/tokens.ts";
import { until } from "../support/until.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const KEY = "the-key-of-an-operator";
const RIGHTLESS = "a-key-without-rights";

let cli: CommandLine;
let gateway: Workerd;

beforeAll(async () => {
  cli = await buildCommandLine();
  gateway = await startWorkerd({
    configPath: "test/objects/directory-worker/wrangler.toml",
    vars: {
      ENVIRONMENT: "development",
      API_KEY: RIGHTLESS,
      OPERATOR_KEYS: JSON.stringify([
        { name: "ops", key: KEY, methods: ["observe", "operate", "trace", "metrics"] },
      ]),
      TOKEN_HMAC_SECRET: SECRET,
    },
  });
});
afterAll(async () => {
  await gateway.stop();
  await cli.delete();
});

const environment = (key: string) => ({ POORWILL_URL: gateway.url, POORWILL_API_KEY: key });

const run = (line: string, key = KEY) =>
  cli.run(`export POORWILL_URL=${gateway.url} POORWILL_API_KEY=${key}; ${line}`, cli.folder);

const start = (...args: string[]): Running => cli.start(args, environment(KEY));

async function connectAs(user: string): Promise<ChannelClient> {
  const client = new ChannelClient(`${gateway.url.replace("http", "ws")}/connection/websocket`, {
    token: await sign({ sub: user }),
  });
  onTestFinished(() => client.centrifuge.disconnect());
  return client.connect();
}

test("CLI-31: what happens in a channel is shown as it happens, until Ctrl+C", async () => {
  const channel = channelIn("public");
  const client = await connectAs("ann");
  await client.subscribe(channel);
  const trace = start("trace", "--channel", channel, "--payloads");
  await until(() => trace.stdout.includes(`-- tracing channel ${channel} until`));
  await run(`poorwill publish ${channel} '{"n":12345678901234567890}'`);
  await client.publish(channel, ["hello"]);
  await until(() => trace.stdout.includes("  ann  publish  "));
  expect(trace.stdout).toMatch(/ {2}publication {2}.+ {2}offset 1 {2}\{"n":12345678901234567890\}\n/);
  expect(await trace.interrupt()).toMatchObject({ status: 0, stderr: "" });
});

test("CLI-31: one user is followed over the end of a trace, and the lines are those of the gateway", async () => {
  const user = `ann-${crypto.randomUUID()}`;
  const client = await connectAs(user);
  const trace = start("trace", "--user", user, "--seconds", "2", "--follow", "--json");
  const lines = () =>
    trace.stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as TraceLine);
  await until(() => lines().filter(({ line }) => line === "start").length >= 2);
  const channel = channelIn("public");
  await client.subscribe(channel);
  await until(() =>
    lines().some((line) => line.line === "event" && line.user === user && line.channel === channel),
  );
  await trace.interrupt();
  expect(lines()).toContainEqual(expect.objectContaining({ line: "end", why: "time" }));
  expect(trace.stdout).not.toContain('"data"');
});

test("CLI-31: a trace ends by itself when its time is over", async () => {
  const { status, stdout } = await run(`poorwill trace --channel ${channelIn("public")} --seconds 1`);
  expect([status, stdout]).toEqual([
    0,
    expect.stringMatching(/\n-- ended after 0 events: its time is over\n$/),
  ]);
});

test("CLI-31: who may not trace is told so", async () => {
  const { status, stderr } = await run("poorwill trace --channel public:a", RIGHTLESS);
  expect([status, stderr]).toEqual([1, expect.stringContaining("error 103: permission denied")]);
});

test("CLI-22: a user's connections are listed, and a user is kept out until that is undone", async () => {
  const user = `ann-${crypto.randomUUID()}`;
  const client = await connectAs(user);
  await client.subscribe(channelIn("public"));
  const listed = await run(`poorwill connections ${user}`);
  expect(listed.stdout).toMatch(/^CLIENT.+\n[\w-]{36} {2}websocket {2}json .+ public:.+\n\n1 connection\n$/);
  expect((await run(`poorwill block ${user} --for 2h --reason gone`)).stdout).toMatch(
    /^blocked until 20.+Z\n$/,
  );
  await until(() => client.disconnected.some(({ reason }) => reason === "gone"));
  expect((await run(`poorwill connections ${user}`)).stdout).toBe("0 connections\n");
  expect(await run(`poorwill unblock ${user}`)).toMatchObject({
    status: 0,
    stdout: "not blocked any more\n",
  });
  await connectAs(user);
  const rightless = await run(`poorwill block ${user}`, RIGHTLESS);
  expect([rightless.status, rightless.stderr]).toEqual([1, expect.stringContaining("error 103")]);
});

test("CLI-29: hubs and channels are shown once where nobody watches, and as JSON", async () => {
  const channel = channelIn("public");
  const client = await connectAs("ann");
  await client.subscribe(channel);
  await until(async () => (await run(`poorwill top --search ${channel}`)).stdout.includes(channel));
  const { status, stdout } = await run("poorwill top --once");
  expect([status, stdout]).toEqual([0, expect.stringMatching(/\nSOCKETS .+HUB\n[\s\S]+ {2}(edge|home)\//)]);
  const { overview, channels } = JSON.parse(
    (await run(`poorwill top --once --json --search ${channel}`)).stdout,
  );
  expect(overview.totals.clients).toBeGreaterThan(0);
  expect(channels.channels).toEqual([{ channel, num_clients: 1 }]);
  const rightless = await run("poorwill top --once", RIGHTLESS);
  expect([rightless.status, rightless.stderr]).toEqual([1, expect.stringContaining("error 103")]);
});

/** Runs a command on a terminal. */
const SCRIPT = "/usr/bin/script";

test.skipIf(!existsSync(SCRIPT))(
  "CLI-29: on a terminal it is drawn until q is pressed, and the terminal is as it was",
  async () => {
    const line = `TERM=xterm poorwill top --url ${gateway.url}`;
    const { status, stdout } = await run(
      `(until false; do printf q; sleep 1; done) | ${SCRIPT} -qec "${line}" /dev/null`,
    );
    expect(status).toBe(0);
    expect(stdout).toContain("\x1b[?1049h");
    expect(stdout).toContain(`\x1b[H${gateway.url}`);
    expect(stdout.trimEnd().endsWith("\x1b[?1049l")).toBe(true);
  },
);

test("CLI-30: doctor --live looks at single hubs where the key may observe", async () => {
  const watched = await run("poorwill doctor --live");
  expect(watched.stdout).toContain("✓ recoveries: each has brought everything");
  const rightless = await run("poorwill doctor --live", RIGHTLESS);
  expect(rightless.stdout).toContain("! key: has not the right observe");
});

test.each([
  ["poorwill block ann --for soon", "a number with s, m or h"],
  ["poorwill top --every 1", "It is a whole number from 5"],
  ["poorwill trace", "give one of --client, --user and --channel"],
  ["poorwill trace --user a --client b", "give one of --client, --user and --channel"],
  ["poorwill trace --user a --seconds 601", "It is a whole number from 1 to 600"],
])("CLI-01: %s has the status 2, and says why", async (line, message) => {
  const { status, stdout, stderr } = await run(line);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(message);
});
