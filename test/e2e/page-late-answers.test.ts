import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { panel, waitForSession } from "../support/channels-page.ts";
import { useConsole } from "../support/console-suite.ts";

const { visit } = useConsole();

/** The view of channels, on a clock of its own, with a gateway whose frames wait until they are let through. */
async function visitLate() {
  const frames: (() => void)[] = [];
  let connections = 0;
  const page = await visit({}, "/healthz");
  await page.clock.install();
  await page.routeWebSocket("**/connection/websocket", (socket) => {
    connections += 1;
    socket.connectToServer().onMessage((frame) => frames.push(() => socket.send(frame)));
  });
  await page.goto(new URL("/#channels", page.url()).href);
  await expect.poll(() => frames.length).toBeGreaterThan(0);
  const letThrough = () => {
    for (const send of frames.splice(0)) send();
  };
  return { page, letThrough, connections: () => connections };
}

/** In steps, since timers of the SDK (5.8.0) that are very late wait again. */
async function pass(page: Page, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) await page.clock.runFor(1_000);
}

test("PAGE-50: what is answered after 20 s is answered", async () => {
  const { page, letThrough, connections } = await visitLate();
  await pass(page, 20);
  letThrough();
  await waitForSession(page, /^connected/);
  await expect
    .poll(async () => {
      letThrough();
      return panel(page, "public:lobby").locator("[data-part=state]").innerText();
    })
    .toBe("subscribed");
  expect(connections()).toBe(1);
});

test("PAGE-50: a connect that is never answered is told, and tried again", async () => {
  const { page, letThrough, connections } = await visitLate();
  await pass(page, 35);
  await waitForSession(page, /^timeout, will try again$/);
  expect(await page.locator("#channels-problem").innerText()).toBe(
    "1 timeout. It was not answered in time. It is tried again.",
  );
  await pass(page, 6);
  await expect.poll(connections).toBeGreaterThan(1);
  await expect
    .poll(async () => {
      letThrough();
      return page.locator("#channels-status").innerText();
    })
    .toMatch(/^connected/);
  expect(await page.locator("#channels-problem").isHidden()).toBe(true);
});

test("PAGE-21: a connection that was left and closes late takes nothing from the one after it", async () => {
  const page = await visit({}, "/healthz");
  const closing: (() => void)[] = [];
  await page.routeWebSocket("**/connection/websocket", (socket) => {
    socket.connectToServer();
    socket.onClose(() => closing.push(() => void socket.close({ code: 1000, reason: "late" })));
  });
  await page.goto(new URL("/#channels", page.url()).href);
  const ping = page.locator("#fact-ping").filter({ hasText: "every 25 s" });
  await ping.waitFor();
  const client = await page.locator("#fact-client").innerText();
  await page.getByRole("button", { name: "Reconnect" }).click();
  await page.locator("#fact-client").filter({ hasText: /-/, hasNotText: client }).waitFor();
  await expect.poll(() => closing.length).toBe(1);
  for (const close of closing) close();
  await page.locator("#frames-log-rows").getByText("Closed: 1000 late").waitFor();
  expect(await ping.isVisible()).toBe(true);
});
