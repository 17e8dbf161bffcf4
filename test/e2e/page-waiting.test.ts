import type { Page, Route } from "playwright-core";
import { expect, test } from "vitest";
import { panel, subscribe, waitForSession, waitForState } from "../support/channels-page.ts";
import { joinRoom, rows, sendText, waitForStatus } from "../support/console-page.ts";
import { useConsole } from "../support/console-suite.ts";

const { visit, expectProblems } = useConsole();

/** Keeps a file from the page until what is returned is called. */
async function hold(page: Page, path: string): Promise<() => Promise<void>> {
  const held: Route[] = [];
  let isHeld = true;
  await page.route(path, (route) => (isHeld ? void held.push(route) : route.continue()));
  return async () => {
    isHeld = false;
    await expect.poll(() => held.length).toBe(1);
    await Promise.all(held.map((route) => route.continue()));
  };
}

/** Opens the page without one of its files, which stays away until `release` is called. */
async function visitWithout(path: string, view: string) {
  const page = await visit({}, "/healthz");
  const release = await hold(page, path);
  await page.goto(new URL(view, page.url()).href);
  return { page, release };
}

const address = (page: Page) => new URL(page.url()).search;

test("PAGE-48: a channel that is subscribed before the gateway has told its namespaces is kept, and so is the usual one", async () => {
  const { page, release } = await visitWithout("**/gateway.json", "/#channels");
  await subscribe(page, "public:early");
  await waitForSession(page, /^connected · 1 channel$/);
  expect(address(page)).toBe("?channel=public:early");
  await release();
  await waitForState(panel(page, "public:lobby"), /^subscribed$/);
  await waitForSession(page, /^connected · 2 channels$/);
  await expect.poll(() => address(page)).toBe("?channel=public:early&channel=public:lobby");
});

test("PAGE-48: the usual channel keeps the panel that it got before it was known as the usual one", async () => {
  const { page, release } = await visitWithout("**/gateway.json", "/#channels");
  await subscribe(page, "public:lobby");
  expect(address(page)).toBe("?channel=public:lobby");
  await release();
  await expect.poll(() => address(page)).toBe("");
  await waitForSession(page, /^connected · 1 channel$/);
  expect(await page.locator(".panel").count()).toBe(1);
});

test("PAGE-48: without an answer of the gateway about itself, both views work", async () => {
  const { page } = await visitWithout("**/gateway.json", "/");
  await waitForStatus(page, "open · /ws");
  await sendText(page, "no facts");
  await rows(page, "no facts", "received").waitFor();
  await page.getByRole("link", { name: "Channels" }).click();
  await waitForSession(page, /^connected · 0 channels$/);
  await subscribe(page, "public:alone");
  await page.reload();
  await waitForState(panel(page, "public:alone"), /^subscribed$/);
});

test("PAGE-52: the page begins with a kind that the gateway has", async () => {
  const page = await visit({}, "/healthz");
  const facts = { kinds: [{ name: "echo", protocols: [] }], namespaces: [] };
  await page.route("**/gateway.json", (route) => route.fulfill({ json: facts }));
  await page.goto(new URL("/", page.url()).href);
  await waitForStatus(page, "open · /rooms/echo/lobby");
});

test("PAGE-48: of a gateway that fails to tell its kinds, the page does not say that it has none", async () => {
  expectProblems(/status of 500/);
  const page = await visit({}, "/healthz");
  await page.route("**/gateway.json", (route) => route.fulfill({ status: 500 }));
  await page.goto(new URL("/", page.url()).href);
  await waitForStatus(page, "open · /ws");
  await page.getByRole("link", { name: "Channels" }).click();
  await waitForSession(page, /^connected · 0 channels$/);
  await page.getByRole("link", { name: "Sockets" }).click();
  expect(await page.locator("#kind-hint").innerText()).toMatch(/^Greets you/);
});

test("PAGE-48: an endpoint that is written while the view is loaded stays, and is connected to when it is asked for", async () => {
  const { page, release } = await visitWithout("**/channels.js", "/#channels");
  const endpoint = page.getByLabel("Endpoint");
  await endpoint.fill("connection/websocket?channel=public:written");
  await release();
  await waitForSession(page, /^not connected$/);
  await endpoint.press("Enter");
  await waitForSession(page, /^connected · 1 channel$/);
  expect(await endpoint.inputValue()).toBe("connection/websocket?channel=public:written");
});

test("PAGE-51: in a room whose kind has a heartbeat, a button sends it", async () => {
  const page = await visit({}, "/healthz");
  const kinds = [
    { name: "echo", protocols: [], heartbeat: "beat" },
    { name: "broadcast", protocols: [] },
  ];
  await page.route("**/gateway.json", (route) => route.fulfill({ json: { kinds, namespaces: [] } }));
  await page.goto(new URL("/", page.url()).href);
  const button = page.getByRole("button", { name: "Heartbeat" });
  await joinRoom(page, { kind: "echo", room: "beating" });
  await button.click();
  await rows(page, "beat", "sent").first().waitFor();
  await rows(page, "beat", "received").first().waitFor();
  await joinRoom(page, { kind: "broadcast", room: "silent" });
  await expect.poll(() => button.isVisible()).toBe(false);
});
