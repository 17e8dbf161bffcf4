import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { copyExample } from "../support/example.ts";
import { sectionOf, snippetIn } from "../support/snippets.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const TALLY_GATEWAY = `
import { createGateway } from "../../src/index.ts";
import { tally } from "./tally.ts";

export { Tally } from "./tally.ts";

const gateway = createGateway({ rooms: { tally } });
export const { Room, Hub } = gateway;
export default gateway;
`;

/** What the guide adds to. */
const TALLY_CONFIG = `
name = "poorwill-tally"
main = "index.ts"
compatibility_date = "2026-10-23"

[[durable_objects.bindings]]
name = "ROOM"
class_name = "Room"

[[durable_objects.bindings]]
name = "HUB"
class_name = "Hub"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Room", "Hub"]

`;

let folder: string;

beforeAll(async () => {
  // Inside the project, so that the snippets find its packages.
  folder = await mkdtemp(join(process.cwd(), "node_modules", ".readme-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The README's snippets, run as they stand but for the port. */
describe("README", () => {
  let gateway: Workerd;

  beforeAll(async () => {
    gateway = await startWorkerd({ vars: { ENVIRONMENT: "development" } });
  });
  afterAll(() => gateway.stop());

  test("README-01: the plain client prints what the README says, run alone", async () => {
    const printed =
      /It prints `(.+)`, then `(.+)`\./.exec(await readFile("README.md", "utf8"))?.slice(1) ?? [];
    const { lines } = await runSection("A plain client");
    expect(printed).toHaveLength(2);
    for (const line of printed) expect((await lines.next()).value).toBe(line);
  });

  test("README-02: the SDK's publication comes back with its offset", async () => {
    const client = await runSection("The SDK");
    expect((await client.lines.next()).value).toBe("1 { text: 'hello' }");
  });

  test("README-13: the Worker with the package compiles, and has the rooms that it names", async () => {
    const readme = await readFile("README.md", "utf8");
    const application = await copyExample("cursors");
    onTestFinished(() => rm(application, { recursive: true }));
    await writeFile(join(application, "worker.ts"), snippetIn(readme, "ts worker.ts"));
    const counter = snippetIn(readme, "ts counter.ts").replace("./handler.ts", "poorwill/rooms");
    await writeFile(join(application, "counter.ts"), counter);
    await promisify(execFile)("node_modules/.bin/tsc", ["-p", application]);
    const worker = await startWorkerd({ configPath: join(application, "wrangler.toml") });
    onTestFinished(() => worker.stop());
    for (const [room, answer] of [
      ["counter", "1: hello"],
      ["echo", "hello"],
    ]) {
      const client = new WebSocket(`ws://127.0.0.1:${worker.port}/rooms/${room}/lobby`);
      await once(client, "open");
      client.send("hello");
      const [data] = await once(client, "message");
      expect(String(data)).toBe(answer);
      client.terminate();
    }
  });

  async function runSection(heading: string) {
    const section = sectionOf(await readFile("README.md", "utf8"), heading);
    const snippet = snippetIn(section, "js").replaceAll("localhost:8080", `127.0.0.1:${gateway.port}`);
    return run(`${heading.replaceAll(" ", "-")}.mjs`, snippet);
  }
});

describe("the guide to rooms", () => {
  test("GUIDE-05: an object of one's own is reached through env, and keeps what its room forgets", async () => {
    const guide = await readFile("docs/rooms.md", "utf8");
    const gateway = join(folder, "tally");
    await mkdir(gateway);
    const config = TALLY_CONFIG + snippetIn(guide, "toml tally");
    await writeFile(join(gateway, "wrangler.toml"), config);
    await writeFile(
      join(gateway, "tally.ts"),
      snippetIn(guide, "ts tally.ts").replace("./handler.ts", "../../../src/rooms/handler.ts"),
    );
    await writeFile(join(gateway, "index.ts"), TALLY_GATEWAY.replaceAll('"../../', '"../../../'));
    const workerd = await startWorkerd({ configPath: join(gateway, "wrangler.toml") });
    onTestFinished(() => workerd.stop());
    for (const expected of ["1: hello", "2: hello"]) {
      const client = new WebSocket(`ws://127.0.0.1:${workerd.port}/rooms/tally/lobby`);
      await once(client, "open");
      client.send("hello");
      const [data] = await once(client, "message");
      expect(String(data)).toBe(expected);
      client.close();
      await once(client, "close");
    }
  });
});

async function run(file: string, code: string) {
  await writeFile(join(folder, file), code);
  return start(join(folder, file));
}

/** A program of this test; it ends with it. */
function start(file: string) {
  const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => end(child));
  return { lines: linesOf(child) };
}

function linesOf({ stdout }: ChildProcess): AsyncIterator<string> {
  if (stdout === null) throw new Error("the program has no output");
  return createInterface(stdout)[Symbol.asyncIterator]();
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.kill()) await once(child, "exit");
}
