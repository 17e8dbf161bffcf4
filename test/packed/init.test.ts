import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { WebSocket } from "ws";
import { launchBrowser, openPage } from "../support/browser.ts";
import { findFreePort, waitUntilAnswered } from "../support/gateway.ts";
import { type ProcessGroup, startGroup } from "../support/process-group.ts";
import { emptyProject, type Project } from "./support/project.ts";
import { ownEnvironment } from "./support/run.ts";

const APP = "my-app";

let place: Project;
let program: ProcessGroup | undefined;
let url: string;

const inApp = (...command: [string, ...string[]]) => place.run("npm", "--prefix", APP, ...command);

/** Runs the bin of a tarball as `npx` and `npm create` do: fetched, and installed nowhere. */
const execute = (tarball: string, ...command: string[]) =>
  place.run("npm", "exec", "--yes", "--package", tarball, "--", ...command);

beforeAll(async () => {
  place = await emptyProject();
  await execute(inject("tarball"), "poorwill", "init", APP, "--package", inject("tarball"));
  await inApp("install", "--no-audit", "--no-fund", "--prefer-offline");
  const port = await findFreePort();
  url = `http://127.0.0.1:${port}`;
  const ports = ["--port", `${port}`, "--inspector-port", `${await findFreePort()}`, "--ip", "127.0.0.1"];
  const directory = join(place.directory, APP);
  program = startGroup("npm", ["run", "dev", "--", ...ports, "--show-interactive-dev-session", "false"], {
    cwd: directory,
    env: ownEnvironment(directory),
  });
  await waitUntilAnswered(`${url}/healthz`, program);
});

afterAll(async () => {
  await program?.stop();
  await place?.delete();
});

test("PKG-35: what init of the tarball writes is a gateway after npm install and npm run dev, and its page talks", async () => {
  const browser = await launchBrowser();
  try {
    const { page, problems } = await openPage(browser, url);
    const [own] = await Promise.all([page.waitForEvent("websocket"), page.reload()]);
    await expect.poll(() => own.isClosed()).toBe(false);
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
  }
  const [one, other] = [0, 1].map(
    () => new WebSocket(`${url.replace("http", "ws")}/rooms/chat/lobby?name=ada`),
  );
  if (one === undefined || other === undefined) throw new Error("two sockets");
  await Promise.all([once(one, "open"), once(other, "open")]);
  const heard: string[] = [];
  other.on("message", (message) => heard.push(String(message)));
  one.send("hello to all");
  await expect.poll(() => heard.some((message) => message.includes("hello to all"))).toBe(true);
  for (const socket of [one, other]) socket.terminate();
});

test("PKG-35: doctor of the installed package finds nothing wrong there, and its types are right", async () => {
  // It ends with 1 where anything is wrong.
  await inApp("exec", "--", "poorwill", "doctor", APP);
  await place.run("npm", "--prefix", APP, "exec", "--", "tsc", "-p", join(APP, "tsconfig.json"), "--noEmit");
});

test("PKG-36: npm create poorwill writes the same", async () => {
  await execute(inject("createTarball"), "create-poorwill", "created", "--package", inject("tarball"));
  const written = (folder: string) => readdir(join(place.directory, folder));
  const left = new Set(["node_modules", "package-lock.json", ".wrangler"]);
  expect(await written("created")).toEqual((await written(APP)).filter((file) => !left.has(file)));
});
