import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LoadReport } from "../../cli/load/report.ts";
import { buildCommandLine, type CommandLine } from "../support/cli-process.ts";
import { findFreePort } from "../support/gateway.ts";
import { SECRET } from "../support/tokens.ts";
import { until } from "../support/until.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const KEY = "the-key-of-the-test";

let cli: CommandLine;
let gateway: Workerd;
let storage: string;

async function startGateway(port = 0): Promise<void> {
  gateway = await startWorkerd({
    configPath: "test/objects/directory-worker/wrangler.toml",
    vars: { ENVIRONMENT: "development", API_KEY: KEY, TOKEN_HMAC_SECRET: SECRET },
    persistTo: storage,
    port,
  });
}

beforeAll(async () => {
  cli = await buildCommandLine();
  storage = await mkdtemp(join(tmpdir(), "poorwill-load-"));
  await startGateway();
});
afterAll(async () => {
  await gateway.stop();
  await rm(storage, { recursive: true });
  await cli.delete();
});

/** Runs a short load, with the key and the secret in the environment. */
async function load(
  options: string,
): Promise<{ readonly status: number; readonly report: LoadReport; readonly stderr: string }> {
  const env = `POORWILL_API_KEY=${KEY} TOKEN_HMAC_SECRET='${SECRET}'`;
  const line = `${env} poorwill load ${gateway.url} --ramp 0 --duration 1 --json ${options}`;
  const { status, stdout, stderr } = await cli.run(line, cli.folder);
  return { status, stderr, report: JSON.parse(stdout) };
}

test.each(["websocket", "http_stream", "sse"])(
  "CLI-25 CLI-26: a load by %s loses and repeats nothing",
  async (transport) => {
    const { status, report } = await load(
      `--connections 6 --channels 3 --subscriptions 2 --rate 20 --transport ${transport}`,
    );
    expect(report).toMatchObject({
      isInterrupted: false,
      connections: { connected: 6, openAtTheEnd: 6, reconnects: {}, disconnects: {} },
      subscriptions: { subscribed: 12, refused: {} },
      publications: { sent: 20, acknowledged: 20, failed: {} },
      deliveries: { received: 80, lost: 0, repeated: 0, outOfOrder: 0, checkedBy: "offsets" },
      latency: {
        connect: { count: 6 },
        subscribe: { count: 12 },
        publish: { count: 20 },
        delivery: { count: 80 },
      },
    });
    expect(status).toBe(0);
  },
);

test("CLI-25: with tokens each connection is a user, and the API can publish", async () => {
  const { report, status } = await load(
    "--connections 2 --rate 10 --size 1000 --tokens --api --at-home --report load.json --markdown load.md",
  );
  expect(report).toMatchObject({ publications: { acknowledged: 10 }, deliveries: { received: 20, lost: 0 } });
  expect(status).toBe(0);
  expect(JSON.parse(await readFile(join(cli.folder, "load.json"), "utf8"))).toEqual(report);
  expect(await readFile(join(cli.folder, "load.md"), "utf8")).toContain("\nNothing was lost or repeated.\n");
});

test("CLI-25 CLI-26: a room's messages reach all others, each once", async () => {
  const { status, report } = await load("--connections 4 --rate 10 --room broadcast/load");
  expect(report).toMatchObject({
    connections: { connected: 4, openAtTheEnd: 4 },
    publications: { sent: 10, acknowledged: 10 },
    deliveries: { received: 30, lost: 0, repeated: 0, checkedBy: "own numbers" },
  });
  expect(status).toBe(0);
});

test("CLI-25: what the gateway refuses is in the report, and the status", async () => {
  const { report, status } = await load("--connections 2 --namespace nowhere");
  expect(report).toMatchObject({
    subscriptions: { subscribed: 0, refused: { "102 unknown channel": 2 } },
    publications: { acknowledged: 0, failed: { "102 unknown channel": 10 } },
  });
  expect(status).toBe(1);
});

test("CLI-25: a gateway that is not there ends the run before anything is published", async () => {
  const nowhere = `--url http://127.0.0.1:${await findFreePort()}`;
  const { status, stdout } = await cli.run(
    `poorwill load ${nowhere} --ramp 0 --duration 3600 --connections 1 --json`,
    cli.folder,
  );
  const report: LoadReport = JSON.parse(stdout);
  expect(report.connections.failedAttempts.ECONNREFUSED).toBeGreaterThan(0);
  expect([status, report.publications.sent]).toEqual([1, 0]);
});

test.each([
  ["--subscriptions 2", "raise --channels"],
  ["--room broadcast", "a kind and a name"],
  ["--room broadcast/a --api", "a room has no"],
  ["--transport carrier_pigeon", "Allowed choices are websocket, http_stream, sse"],
  ["--connections 0", "a whole number from 1"],
  ["--report /nowhere/report.json --connections 1 --ramp 0 --duration 1", "cannot be written: ENOENT"],
])("CLI-01: poorwill load %s has the status 2, and says why", async (options, message) => {
  const { status, stdout, stderr } = await cli.run(`poorwill load ${gateway.url} ${options}`, cli.folder);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(message);
});

test("CLI-27: many connections to another machine are refused where nobody can be asked", async () => {
  const { status, stderr, stdout } = await cli.run(
    "poorwill load https://gateway.example --connections 1001 < /dev/null",
    cli.folder,
  );
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain("1,001 connections to https://gateway.example: --yes says that they are wanted");
});

/** A load that would go on for long, from the time when something is delivered. */
async function startLongLoad() {
  const options = ["--connections", "4", "--ramp", "0", "--duration", "3600", "--json"];
  const running = cli.start(["load", gateway.url, ...options]);
  /** What the newest line of the progress says. */
  const count = (what: string) =>
    Number([...running.stderr.matchAll(new RegExp(`(\\d+) ${what}`, "g"))].at(-1)?.[1] ?? 0);
  await until(() => count("delivered") > 0);
  return {
    count,
    async interrupt(): Promise<{ readonly status: number; readonly report: LoadReport }> {
      const { status, stdout } = await running.interrupt();
      return { status, report: JSON.parse(stdout) };
    },
  };
}

test("CLI-25: Ctrl+C ends a run with its report, and its connections", async () => {
  const long = await startLongLoad();
  const { status, report } = await long.interrupt();
  expect(report).toMatchObject({
    isInterrupted: true,
    connections: { openAtTheEnd: 4 },
    deliveries: { lost: 0 },
  });
  expect([status, report.publications.acknowledged]).toEqual([0, report.publications.sent]);
});

test("CLI-26: connections that break are counted, and what they missed is recovered", async () => {
  const long = await startLongLoad();
  await gateway.kill();
  await startGateway(gateway.port);
  const before = long.count("delivered");
  await until(() => long.count("reconnects") >= 4 && long.count("delivered") > before);
  const { report } = await long.interrupt();
  expect(
    Object.values(report.connections.reconnects).reduce((sum, count) => sum + count, 0),
  ).toBeGreaterThanOrEqual(4);
  expect(report).toMatchObject({
    connections: { connected: 4, openAtTheEnd: 4 },
    deliveries: { lost: 0, repeated: 0, outOfOrder: 0, unrecovered: 0 },
  });
});
