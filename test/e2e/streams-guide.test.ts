import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { Relay } from "../sdks/support/relay.ts";
import { launchBrowser, openPage } from "../support/browser.ts";
import { findFreePort } from "../support/gateway.ts";
import { sectionOf, snippetIn } from "../support/snippets.ts";
import { until } from "../support/until.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const guide = await readFile("docs/streams.md", "utf8");
const KEY = "the key of the test";
let gateway: Workerd;
let browser: Browser;

beforeAll(async () => {
  [gateway, browser] = await Promise.all([
    startWorkerd({ vars: { ENVIRONMENT: "development", API_KEY: KEY } }),
    launchBrowser(),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

const here = (text: string, channel: string, port = gateway.port) =>
  text.replaceAll("localhost:8080", `127.0.0.1:${port}`).replaceAll("public:news", channel);
const newChannel = () => `public:${crypto.randomUUID()}`;

async function publish(channel: string, data: unknown): Promise<void> {
  const body = JSON.stringify({ channel, data });
  const response = await fetch(`${gateway.url}/api/publish`, {
    method: "POST",
    headers: { "X-API-Key": KEY },
    body,
  });
  expect(await response.json()).not.toHaveProperty("error");
}

test("HTTP-15: the first line of the guide reads a channel", async () => {
  const channel = newChannel();
  const [, program = "", ...args] =
    /^(curl) (-N) "(.*)" (-d) (?:"")$/.exec(here(snippetIn(guide, "sh").trim(), channel)) ?? [];
  const curl = spawn(program, [...args, ""], { stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => void curl.kill());
  let text = "";
  curl.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  await until(() => text.includes(`{"channel":"${channel}","subscribe":`), "the subscription");
  await publish(channel, { title: "Hello" });
  await until(
    () => text.includes(`{"channel":"${channel}","pub":{"data":{"title":"Hello"},"offset":1}}\n`),
    "the line",
  );
});

test("HTTP-14: the list of transports of the guide connects, by the second where the first is blocked", async () => {
  const folder = await mkdtemp(join(process.cwd(), "node_modules", ".streams-guide-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const program = here(snippetIn(sectionOf(guide, "The SDK's list"), "js fallback.mjs"), newChannel());
  // Node has a WebSocket; what blocks it is an address at which there is none.
  const blocked = program.replace("/connection/websocket", "/connection/blocked");
  const file = join(folder, "fallback.mjs");
  await writeFile(file, `${blocked}\nclient.on("connected", () => client.disconnect());\n`);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  execFile(process.execPath, [file], (failure, stdout) => (failure ? reject(failure) : resolve(stdout)));
  expect(await promise).toBe("connected by http_stream\n");
});

/** The page of the guide, at an origin of its own. */
async function openGuidePage(channel: string, gatewayPort = gateway.port): Promise<Page> {
  const html = here(snippetIn(sectionOf(guide, "In ten lines"), "html"), channel, gatewayPort);
  const port = await findFreePort();
  const server = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end(`<!doctype html><link rel="icon" href="data:," />${html}`);
  }).listen(port, "127.0.0.1");
  onTestFinished(() => void server.close());
  const { page } = await openPage(browser, `http://127.0.0.1:${port}/`);
  onTestFinished(() => page.close());
  return page;
}

const itemsOf = (page: Page) => page.locator("li").allTextContents();

test("HTTP-19: the page of the guide has everything after a reload, and hears what comes then", async () => {
  const channel = newChannel();
  const page = await openGuidePage(channel);
  for (const word of ["once", "upon"]) await publish(channel, word);
  await expect.poll(() => itemsOf(page)).toEqual(["once", "upon"]);
  await publish(channel, "a");
  await page.reload();
  await publish(channel, "time");
  await expect.poll(() => itemsOf(page)).toEqual(["once", "upon", "a", "time"]);
});

test("HTTP-19: it comes back when its connection is lost, and nothing is missing or there twice", async () => {
  const channel = newChannel();
  const relay = await Relay.start(() => gateway.port);
  onTestFinished(() => relay.close());
  const page = await openGuidePage(channel, relay.port);
  await publish(channel, 1);
  await expect.poll(() => itemsOf(page)).toEqual(["1"]);
  for (const round of [0, 1]) {
    await relay.whileAway(async () => {
      for (const number of [2, 3]) await publish(channel, number + 2 * round);
    });
    await expect.poll(() => itemsOf(page)).toHaveLength(3 + 2 * round);
  }
  await publish(channel, 6);
  await expect.poll(() => itemsOf(page)).toEqual(["1", "2", "3", "4", "5", "6"]);
});
