import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { sign } from "../../src/proxy/signature.ts";
import { buildPackageInto } from "../support/package-build.ts";
import { snippetIn } from "../support/snippets.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const run = promisify(execFile);
const guide = await readFile("docs/package.md", "utf8");
const FILES = [...guide.matchAll(/^```(?:ts|toml) (\S+\.(?:ts|toml))$/gm)].map(([, name = ""]) => name);
let folder: string;

/** A project as the guide makes one, with the package as it is published. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "poorwill-package-"));
  await buildPackageInto(folder);
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  for (const name of FILES)
    await writeFile(join(folder, name), snippetIn(guide, `${name.split(".").at(-1)} ${name}`));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function start(toml: string, vars: Readonly<Record<string, string>> = {}): Promise<Workerd> {
  const gateway = await startWorkerd({ configPath: join(folder, toml), vars });
  onTestFinished(() => gateway.stop());
  return gateway;
}

async function firstAnswer({ url }: Workerd, path: string): Promise<string> {
  const socket = new WebSocket(url.replace("http", "ws") + path);
  await once(socket, "open");
  socket.send("hello");
  const [answer] = await once(socket, "message");
  socket.terminate();
  return String(answer);
}

const ask = async ({ url }: Workerd, path: string, init: RequestInit = {}) => {
  const response = await fetch(url + path, { redirect: "manual", ...init });
  return [response.status, await response.text(), response.headers.get("Location")] as const;
};

function typeCheck(types: readonly string[], files: readonly string[]) {
  const compilerOptions = { lib: ["ES2024"], types, skipLibCheck: false, allowImportingTsExtensions: true };
  const config = { extends: resolve("tsconfig.base.json"), compilerOptions, files };
  return writeFile(join(folder, "tsconfig.json"), JSON.stringify(config)).then(() =>
    run(resolve("node_modules/.bin/tsc"), ["-p", folder]).catch(({ stdout, message }) => {
      throw new Error(stdout || message);
    }),
  );
}

test("PKG-18: the code of the guide to the package compiles against its types, those of the runtime with them", () =>
  typeCheck(
    ["@cloudflare/workers-types"],
    FILES.filter((name) => name.endsWith(".ts")),
  ));

test("PKG-18: its types go with those that wrangler writes, in classes that are declared", async () => {
  await writeFile(
    join(folder, "typed.toml"),
    (await readFile(join(folder, "wrangler.toml"), "utf8")).replace("worker.ts", "typed.ts"),
  );
  await run(
    process.execPath,
    [resolve("node_modules/wrangler/bin/wrangler.js"), "types", "--config", "typed.toml"],
    { cwd: folder },
  );
  await typeCheck([], ["typed.ts", "worker-configuration.d.ts"]);
});

test("PKG-19: a backend needs no types of Workers", async () => {
  await typeCheck(["node"], ["receiver.ts"]);
});

test("PKG-18: the Worker of the guide has its rooms, channels and server API", async () => {
  const gateway = await start("wrangler.toml", { API_KEY: "a key" });
  expect(await firstAnswer(gateway, "/rooms/chat/lobby?name=ann")).toBe("ann: hello");
  expect(await firstAnswer(gateway, "/rooms/echo/a")).toBe("hello");
  const published = await ask(gateway, "/api/publish", {
    method: "POST",
    headers: { "X-API-Key": "a key" },
    body: '{"channel":"news:a","data":1}',
  });
  expect(JSON.parse(published[1])).toMatchObject({ result: { offset: 1 } });
  expect((await ask(gateway, "/"))[0]).toBe(404);
});

test("PKG-18: beside an application the gateway has its path, its bindings and its page", async () => {
  const gateway = await start("beside.toml");
  expect(await ask(gateway, "/menu")).toEqual([200, "the application at /menu", null]);
  expect(await firstAnswer(gateway, "/realtime/rooms/chat/lobby")).toBe("somebody: hello");
  expect(await ask(gateway, "/realtime")).toEqual([308, "", "/realtime/"]);
  const [status, page] = await ask(gateway, "/realtime/");
  expect([status, page]).toEqual([200, await readFile("static/index.html", "utf8")]);
  expect((await ask(gateway, "/realtime/app.js"))[1]).toBe(await readFile("static/app.js", "utf8"));
});

test("PKG-18: two gateways are mounted in one application", async () => {
  const gateway = await start("two.toml");
  expect((await ask(gateway, "/"))[1]).toBe("the application");
  expect(await firstAnswer(gateway, "/team/rooms/chat/lobby")).toBe("somebody: hello");
  expect(await firstAnswer(gateway, "/guests/rooms/echo/a")).toBe("hello");
  expect((await ask(gateway, "/guests/rooms/chat/lobby"))[0]).toBe(404);
});

test("PKG-18: the page is a folder that assets can name", async () => {
  const [, directory = ""] = /^directory = "(.+)"$/m.exec(snippetIn(guide, "toml assets")) ?? [];
  for (const file of ["index.html", "404.html", "_headers", "app.js"])
    expect(await readFile(join(folder, directory, file), "utf8")).toBe(
      await readFile(join("static", file), "utf8"),
    );
});

test("PKG-19: the receiver of the guide runs in Node and takes what is signed, and nothing else", async () => {
  const { decide } = (await import(join(folder, "receiver.ts"))) as {
    decide(request: Request, secret: string): Promise<Response>;
  };
  const body = JSON.stringify({ user: "ann", channel: "inbox:ann" });
  const asked = (signature: string) =>
    decide(
      new Request("http://backend/", {
        method: "POST",
        body,
        headers: { "X-Poorwill-Signature": signature },
      }),
      "secret",
    );
  expect(await (await asked(await sign(body, "secret"))).json()).toEqual({ result: {} });
  expect((await asked(await sign(body, "another"))).status).toBe(401);
});
