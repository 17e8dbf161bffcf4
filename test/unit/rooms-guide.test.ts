import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import { shippedKinds } from "../../src/rooms/shipped.ts";
import { HTTP_ERRORS, ROOM_CLOSES } from "../../src/shared/codes.ts";

const run = promisify(execFile);
const SNIPPET = /^```ts (\S+)\n([\s\S]*?)^```$/gm;
/** What only channels and metrics answer with. */
const NOT_OF_ROOMS = new Set([
  "message_too_large",
  "no_commands",
  "bad_emulation",
  "unknown_session",
  "bad_connect_request",
  "too_many_channels",
  "token_refused",
  "connect_refused",
  "headers_too_large",
  "unauthorized",
  "no_directory",
  "bad_hub_name",
]);
const guide = await readFile("docs/rooms.md", "utf8");
const readme = await readFile("README.md", "utf8");
/** All but the Worker of the README, which is an application's own. */
const snippets = [...`${guide}\n${readme}`.matchAll(SNIPPET)]
  .map(([, file = "", code = ""]) => ({ file, code }))
  .filter(({ file }) => file !== "worker.ts");

test("the snippets of the guide to rooms and of the README compile where it says that they belong", async () => {
  const directory = await mkdtemp(join(tmpdir(), "poorwill-guide-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const config = {
    extends: resolve("tsconfig.base.json"),
    compilerOptions: {
      rootDirs: [directory, resolve("src/rooms")],
      types: [resolve("node_modules/@cloudflare/workers-types/index.d.ts")],
    },
    files: snippets.map(({ file }) => file),
  };
  await writeFile(join(directory, "tsconfig.json"), JSON.stringify(config));
  for (const { file, code } of snippets) await writeFile(join(directory, file), code);
  expect(snippets.length).toBeGreaterThanOrEqual(4);
  expect(`${guide}\n${readme}`.match(/^```ts$/m)).toBeNull();
  await run("node_modules/.bin/tsc", ["-p", directory]).catch(({ stdout, message }) => {
    throw new Error(stdout || message);
  });
});

test("the guide to rooms names every code that a room answers with", () => {
  for (const { code, reason } of Object.values(ROOM_CLOSES)) {
    expect(guide).toContain(reason === "" ? `| ${code} | |` : `| ${code} | \`${reason}\` |`);
  }
  for (const [code, { status }] of Object.entries(HTTP_ERRORS)) {
    if (NOT_OF_ROOMS.has(code)) continue;
    expect(guide).toMatch(new RegExp(`\\| ${status} \\|[^|]*\`${code}\``));
  }
});

test("GUIDE-04: the guide to rooms and the README say what the kinds that ship do by themselves, and how much they take", () => {
  const { hello, echo, broadcast } = shippedKinds;
  for (const page of [guide, readme]) {
    expect(page).toContain(`every ${Number(hello?.tickInterval) / 1_000} seconds`);
    expect(page.replaceAll("\n", " ")).toMatch(
      /Rooms check only the origin, and a program need not send one/,
    );
    for (const kind of Object.keys(shippedKinds)) expect(page).toMatch(new RegExp(`\\b${kind}\\b`));
  }
  for (const kind of [echo, broadcast]) {
    const perSecond = kind?.rateLimit?.perSecond.toLocaleString("en");
    expect(guide).toContain(`let each client send ${perSecond} messages a second`);
  }
});

test("IDLE-07: the client of the guide beats, closes a connection that no longer answers, and then stops", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const [, code = ""] = /^```js heartbeat\n([\s\S]*?)^```$/m.exec(guide) ?? [];
  const ws = Object.assign(new EventTarget(), {
    send: vi.fn(),
    close: vi.fn(() => void ws.dispatchEvent(new Event("close"))),
  });
  new Function("ws", code)(ws);
  for (let beats = 1; beats <= 4; beats += 1) {
    vi.advanceTimersByTime(25_000);
    ws.dispatchEvent(new Event("message"));
    expect(ws.send.mock.calls).toEqual(Array(beats).fill(["ping"]));
  }
  vi.advanceTimersByTime(100_000);
  expect(ws.close).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

test("ROOM-35: what users of PartyServer look for is in the table, and tested", async () => {
  const [, table = ""] = /^## From PartyServer$(.*?)^For a Durable Object/ms.exec(guide) ?? [];
  const tests = await readFile("test/objects/room-from-partyserver.test.ts", "utf8");
  const titles = [...tests.matchAll(/^test\("ROOM-35: (.*)",/gm)].map(([, title]) => title).join("\n");
  for (const name of [
    "onConnect",
    "onRequest",
    "onStart",
    "onAlarm",
    "getConnections",
    "getConnection(",
    "getServerByName",
    "broadcast",
    "setState",
  ]) {
    expect(table).toContain(name);
    expect(titles).toContain(name);
  }
});
