import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { FLAGS } from "../../cli/requirements.ts";
import { launchBrowser, openPage } from "../support/browser.ts";
import { buildCommandLine, type CommandLine } from "../support/cli-process.ts";
import { type Gateway, startGateway } from "../support/gateway.ts";

const TOML = `name = "old"
main = "src/index.ts"
compatibility_date = "2026-10-23"
compatibility_flags = ${JSON.stringify(FLAGS.map(({ flag }) => flag))}
keep_names = false
`;

let cli: CommandLine;

beforeAll(async () => {
  cli = await buildCommandLine();
});
afterAll(() => cli.delete());

/** A folder that finds the tools of the project, and its source as the package `poorwill`. */
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(process.cwd(), "node_modules", ".cli-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const library = join(folder, "node_modules/poorwill");
  await mkdir(library, { recursive: true });
  await writeFile(
    join(library, "package.json"),
    '{ "type": "module", "exports": { ".": "./index.ts", "./rooms": "./rooms.ts" } }',
  );
  const source = (path: string) => JSON.stringify(resolve("src", path));
  await writeFile(
    join(library, "index.ts"),
    `export * from ${source("index.ts")};\nexport type { RoomHandler } from ${source("rooms/handler.ts")};`,
  );
  await writeFile(
    join(library, "rooms.ts"),
    ["broadcast", "echo"].map((kind) => `export { ${kind} } from ${source(`rooms/${kind}.ts`)};`).join("\n"),
  );
  return folder;
}

async function start(folder: string, file: string): Promise<Gateway> {
  const gateway = await startGateway({ configPath: join(folder, file) });
  onTestFinished(() => gateway.stop());
  return gateway;
}

/** What comes back for the first message on an address of the gateway. */
async function answerTo(message: string, { port }: Gateway, path: string): Promise<string> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  await once(socket, "open");
  const answer = new Promise<string>((done) => {
    socket.on("message", (data) => String(data).includes("is here") || done(String(data)));
  });
  socket.send(message);
  const text = await answer;
  socket.close();
  return text;
}

describe("what poorwill init writes", () => {
  test("CLI-03: an application has the right types, a page that talks, a room and channels", async () => {
    const folder = await newFolder();
    expect((await cli.run("poorwill init .", folder)).status).toBe(0);
    const types = await cli.run(`${resolve("node_modules/.bin/tsc")} -p .`, folder);
    expect(types).toEqual({ status: 0, stdout: "", stderr: "" });

    const gateway = await start(folder, "wrangler.toml");
    const browser = await launchBrowser();
    onTestFinished(() => browser.close());
    const { page, problems } = await openPage(browser, gateway.url);
    await page.locator("li", { hasText: "is here" }).waitFor();
    await page.getByPlaceholder("Say something").fill("hi");
    await page.keyboard.press("Enter");
    await page.locator("li", { hasText: /^guest-\d+: hi$/ }).waitFor();
    expect(problems).toEqual([]);

    expect(await answerTo("hello", gateway, "/rooms/chat/lobby?name=ann")).toBe("ann: hello");
    const token = (await cli.run("poorwill token --user ann", folder)).stdout.trim();
    const connect = JSON.stringify({ id: 1, connect: { token } });
    expect(JSON.parse(await answerTo(connect, gateway, "/connection/websocket"))).toMatchObject({
      id: 1,
      connect: { client: expect.any(String) },
    });
  });

  test("CLI-06: a Worker that follows what is left to it has the gateway below a path, and the rest as before", async () => {
    const folder = await newFolder();
    await mkdir(join(folder, "src"));
    await writeFile(join(folder, "wrangler.toml"), TOML);
    const { stdout } = await cli.run("poorwill init .", folder);
    const [exporting = "", importing = "", handing = ""] = [
      ...stdout.matchAll(/^- src\/index\.ts.*?: (.*)$/gm),
    ].map(([, line]) => line);
    await writeFile(
      join(folder, "src/index.ts"),
      `${importing}
${exporting}
export default {
  fetch(request: Request, env: object, ctx: ExecutionContext) {
    ${handing}
    return new Response("as before");
  },
};
`,
    );
    expect((await cli.run("poorwill doctor .", folder)).stdout).toContain(" 0 wrong, 0 to think about");
    expect((await cli.run("poorwill init .", folder)).stdout).not.toMatch(/created|added|Left/);

    const gateway = await start(folder, "wrangler.toml");
    expect(await (await fetch(gateway.url)).text()).toBe("as before");
    expect(await answerTo("hello", gateway, "/realtime/rooms/chat/lobby?name=ann")).toBe("ann: hello");
  });
});
