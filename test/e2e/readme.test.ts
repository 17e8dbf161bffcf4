import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

/** The README's snippets, run as they stand but for the port. */
describe("README", () => {
  let gateway: Workerd;
  let folder: string;

  beforeAll(async () => {
    gateway = await startWorkerd({ vars: { ENVIRONMENT: "development" } });
    // Inside the project, so that the snippets find its packages.
    folder = await mkdtemp(join(process.cwd(), "node_modules", ".readme-"));
  });

  afterAll(async () => {
    await gateway.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test("README-01: the plain client's messages reach everybody else in the room", async () => {
    const listener = new WebSocket(`ws://127.0.0.1:${gateway.port}/rooms/broadcast/lobby`);
    await once(listener, "open");
    const heard = once(listener, "message");
    const client = await run("A plain client");
    const [data] = await heard;
    expect(String(data)).toBe("hello, everyone else");
    listener.send("welcome");
    expect(await client.firstLine).toBe("welcome");
    client.end();
    listener.close();
  });

  test("README-02: the SDK's publication comes back with its offset", async () => {
    const client = await run("The SDK");
    expect(await client.firstLine).toBe("1 { text: 'hello' }");
    client.end();
  });

  async function run(heading: string) {
    const snippet = (await snippetOf(heading)).replaceAll("localhost:8080", `127.0.0.1:${gateway.port}`);
    const file = join(folder, `${heading.replaceAll(" ", "-")}.mjs`);
    await writeFile(file, snippet);
    const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
    const firstLine = once(child.stdout.setEncoding("utf8"), "data").then(([text]) => String(text).trim());
    return { firstLine, end: () => child.kill() };
  }
});

async function snippetOf(heading: string): Promise<string> {
  const section = (await readFile("README.md", "utf8")).split(`## ${heading}\n`)[1] ?? "";
  return section.match(/```js\n([\s\S]*?)```/)?.[1] ?? "";
}
