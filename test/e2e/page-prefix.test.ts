import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser, openPage, type WatchedPage } from "../support/browser.ts";
import {
  panel,
  publications,
  publish,
  subscribe,
  waitForSession,
  waitForState,
} from "../support/channels-page.ts";
import { joinRoom, rows, sendText, waitForStatus } from "../support/console-page.ts";
import { type Gateway, startGateway } from "../support/gateway.ts";
import { type PrefixProxy, startPrefixProxy } from "../support/prefix-proxy.ts";

const PREFIX = "/realtime";
let gateway: Gateway;
let proxy: PrefixProxy;
let browser: Browser;
let visited: WatchedPage | undefined;

beforeAll(async () => {
  [gateway, browser] = await Promise.all([startGateway(), launchBrowser()]);
  proxy = await startPrefixProxy(PREFIX, gateway.url);
});

afterEach(async () => {
  await visited?.page.context().close();
  expect(visited?.problems).toEqual([]);
});

afterAll(async () => {
  await browser?.close();
  await proxy?.stop();
  await gateway?.stop();
});

/** Opens a page below the prefix. The proxy answers 404 to whatever the page asks for elsewhere, which is a problem. */
async function visit(path: string): Promise<Page> {
  visited = await openPage(browser, proxy.url + PREFIX + path);
  return visited.page;
}

test("PAGE-49: below a prefix, the view of sockets has its files, its kinds and its rooms there", async () => {
  const page = await visit("/");
  await waitForStatus(page, `open · ${PREFIX}/ws`);
  await rows(page, "Hello from server").waitFor();
  await page.getByRole("radio", { name: "broadcast" }).waitFor({ state: "attached" });
  await page.locator(".brand img").evaluate((image: HTMLImageElement) => image.decode());
  await joinRoom(page, { kind: "echo", room: "below", subprotocol: "echo" }, PREFIX);
  await sendText(page, "below");
  await rows(page, "below", "received").waitFor();
  expect(page.url()).toBe(`${proxy.url}${PREFIX}/?kind=echo&room=below&subprotocol=echo`);
  await page.reload();
  await waitForStatus(page, `open · ${PREFIX}/rooms/echo/below`);
  await page.getByRole("link", { name: "Poorwill" }).click();
  await waitForStatus(page, `open · ${PREFIX}/ws`);
  expect(page.url()).toBe(`${proxy.url}${PREFIX}/`);
});

test("PAGE-49: below a prefix, the view of channels connects and subscribes there", async () => {
  const page = await visit("/#channels");
  await waitForState(panel(page, "public:lobby"), /^subscribed$/);
  expect(await page.getByLabel("Endpoint").inputValue()).toBe(
    `${proxy.url.replace("http", "ws")}${PREFIX}/connection/websocket`,
  );
  const below = await subscribe(page, "public:below");
  await publish(below, "1");
  await expect.poll(() => publications(below)).toEqual(["1"]);
  await page.reload();
  await waitForSession(page, /^connected · 2 channels$/);
});

test("PAGE-49: a link to the same host beside the prefix fills in the form, and does not connect", async () => {
  const page = await visit("/?url=/ws");
  await page.locator("#connect-problem").filter({ hasText: "is not on this gateway" }).waitFor();
  await waitForStatus(page, "not connected");
});
