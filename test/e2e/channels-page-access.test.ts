import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import {
  frames,
  panel,
  part,
  publications,
  publish,
  subscribe,
  waitForSession,
  waitForState,
} from "../support/channels-page.ts";
import { useConsole } from "../support/console-suite.ts";
import { findFreePort } from "../support/gateway.ts";
import { lowContrastTexts, namelessControls } from "../support/page-checks.ts";

const { visit, expectProblems } = useConsole();

/** A page in which every part has something to show: two panels, one of them with an error, and a picked frame. */
async function visitBusy(options: BrowserContextOptions = {}): Promise<Page> {
  const page = await visit(options, "/#channels");
  const lobby = panel(page, "public:lobby");
  await waitForState(lobby, /^subscribed$/);
  await publish(lobby, '{"text":"Good evening"}');
  await lobby.locator(".publication").first().waitFor();
  await page.getByRole("button", { name: "Drop my connection" }).click();
  await page.getByRole("button", { name: "Back now" }).click();
  await lobby.getByText("back: recovered").waitFor();
  await page.getByLabel("Channel", { exact: true }).fill("nowhere:x");
  await page.getByLabel("Channel", { exact: true }).press("Enter");
  await part(panel(page, "nowhere:x"), "problem").waitFor();
  await frames(page, "sent", "connect").last().click();
  return page;
}

/** Whether a panel can be seen from its head to its foot. */
function isInSight(panelOfChannel: Locator): Promise<boolean> {
  return panelOfChannel.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    const area = element.parentElement?.getBoundingClientRect() ?? new DOMRect();
    return top >= Math.max(0, area.top) - 1 && bottom <= Math.min(innerHeight, area.bottom) + 1;
  });
}

test("PAGE-16: the keyboard reaches everything that matters among the channels", async () => {
  const page = await visit({}, "/#channels");
  await waitForState(panel(page, "public:lobby"), /^subscribed$/);
  const focused = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.tagName);
  for (const [key, id] of [
    ["s", "channel"],
    ["/", "frames-filter-text"],
    ["m", "TEXTAREA"],
  ] as const) {
    await page.locator("#frames-log-rows").focus();
    await page.keyboard.press(key);
    expect(await focused()).toBe(id);
  }
  await page.locator("#channels-connect").focus();
  await page.keyboard.press("l");
  await page.keyboard.press("Home");
  expect(await page.locator("#frames-log-rows .entry[aria-selected=true]").count()).toBe(1);
  await page.keyboard.press("d");
  await waitForSession(page, /^offline, dropped by you$/);
});

test("PAGE-16: the skip link leads past the forms, and the view stays", async () => {
  const page = await visit({}, "/#channels");
  await waitForSession(page, /^connected/);
  await page.getByRole("link", { name: "Skip to the subscriptions" }).press("Enter");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("panels");
  expect(await page.locator("#channels").isVisible()).toBe(true);
});

test.each([
  { viewport: { width: 1280, height: 800 } },
  { viewport: { width: 390, height: 844 }, isMobile: true },
])(
  "PAGE-31: a panel is brought into sight when it is added or refused, $viewport.width px",
  async (options) => {
    const page = await visit(options, "/#channels");
    await waitForState(panel(page, "public:lobby"), /^subscribed$/);
    const second = await subscribe(page, "public:second");
    await expect.poll(() => isInSight(second)).toBe(true);
    await page.getByLabel("Channel", { exact: true }).fill("nowhere:x");
    await page.getByLabel("Channel", { exact: true }).press("Enter");
    const refused = panel(page, "nowhere:x");
    await part(refused, "problem").filter({ hasText: "102 unknown channel" }).waitFor();
    await expect.poll(() => isInSight(refused)).toBe(true);
    expect(await page.locator("#channel-problem").innerText()).toMatch(/^“nowhere:x”: 102 unknown channel\./);
    await waitForSession(page, /^connected · 2 channels$/);
    await page.getByLabel("Channel", { exact: true }).fill("p");
    expect(await page.locator("#channel-problem").isHidden()).toBe(true);
  },
);

test("PAGE-32: the header counts the channels that are subscribed, and no others", async () => {
  const page = await visit({}, "/#channels");
  const other = await subscribe(page, "public:other");
  await waitForSession(page, /^connected · 2 channels$/);
  await other.getByRole("button", { name: "Unsubscribe" }).click();
  await waitForSession(page, /^connected · 1 channel$/);
  await other.getByRole("button", { name: "Subscribe" }).click();
  await waitForSession(page, /^connected · 2 channels$/);
});

test("PAGE-33: an endpoint where nothing answers is told", async () => {
  expectProblems(/WebSocket connection to .* failed/);
  const page = await visit({}, "/#channels");
  await waitForSession(page, /^connected/);
  const nowhere = `127.0.0.1:${await findFreePort()}`;
  await page.getByLabel("Endpoint").fill(`ws://${nowhere}/x`);
  await page.getByLabel("Endpoint").press("Enter");
  await waitForSession(page, new RegExp(`^cannot reach ${nowhere}$`));
  expect(await page.locator("#channels-problem").innerText()).toMatch(`Cannot reach ws://${nowhere}/x:`);
  await page.locator("#frames-log-rows").getByText(`No connection to ws://${nowhere}/x`).first().waitFor();
});

test("PAGE-34: a picked note is told in place of its frame", async () => {
  const page = await visit({}, "/#channels");
  await frames(page, "sent", "connect").click();
  await page.locator("#frame-lines").waitFor();
  await page.locator("#frames-log-rows .entry[data-type=open]").click();
  await page.getByText("is a note of this page: nothing crossed the wire.").waitFor();
  expect(await page.locator("#frame-lines").isVisible()).toBe(false);
  expect(await page.locator("#frame-which").innerText()).toMatch(/^note /);
  await page.locator("#frames-clear").click();
  await page.getByText("Pick a frame to read it line by line").waitFor();
  expect(await page.locator("#frame-which").innerText()).toBe("");
});

test("PAGE-17: every control among the channels has a name, and every id is there once", async () => {
  const page = await visitBusy();
  expect(await namelessControls(page)).toEqual([]);
  const ids = await page.locator("[id]").evaluateAll((elements) => elements.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
});

test("PAGE-18: the policy goes with every script, and publications never become markup", async () => {
  const page = await visit({}, "/#channels");
  await page.locator("#channels-connect:enabled").waitFor();
  const scripts = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  const ofView = scripts.filter((name) => /\/(channels\.|chunk-)/.test(name));
  expect(ofView.length).toBeGreaterThan(2);
  for (const address of ofView) {
    const response = await fetch(address);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toMatch("require-trusted-types-for 'script'");
    await response.body?.cancel();
  }
  const shown = await subscribe(page, "public:markup");
  const markup = JSON.stringify("<img src=x onerror=alert(1)><b id=injected>");
  await publish(shown, markup);
  await expect.poll(() => publications(shown)).toEqual([markup]);
  // A frame is named after its first line, and which lines share one depends on the moment.
  await page
    .locator("#frames-log-rows .entry[data-direction=received]")
    .filter({ hasText: '"pub":' })
    .click();
  expect(await page.locator("#injected, .publication img, #frame-lines img").count()).toBe(0);
});

test.each(["light", "dark"] as const)(
  "PAGE-19: channels are readable on a phone, %s",
  async (colorScheme) => {
    const page = await visit(
      { viewport: { width: 375, height: 812 }, colorScheme, isMobile: true },
      "/#channels",
    );
    const shown = panel(page, "public:lobby");
    await waitForState(shown, /^subscribed$/);
    await publish(shown, JSON.stringify({ text: "x".repeat(200) }));
    await shown.locator(".publication").first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  },
);

test("PAGE-19: in both colour schemes, all text among the channels stands out", async () => {
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await visitBusy({ colorScheme });
    expect(await lowContrastTexts(page)).toEqual([]);
  }
});
