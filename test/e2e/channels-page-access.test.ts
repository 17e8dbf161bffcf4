import type { BrowserContextOptions, Page } from "playwright-core";
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
import { lowContrastTexts, namelessControls } from "../support/page-checks.ts";

const { visit, url } = useConsole();

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

test("PAGE-17: every control among the channels has a name, and every id is there once", async () => {
  const page = await visitBusy();
  expect(await namelessControls(page)).toEqual([]);
  const ids = await page.locator("[id]").evaluateAll((elements) => elements.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
});

test("PAGE-18: the policy goes with every script, and publications never become markup", async () => {
  for (const path of ["/channels.js", "/chunk.js", "/channels.css"]) {
    const response = await fetch(url() + path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toMatch("require-trusted-types-for 'script'");
    await response.body?.cancel();
  }
  const page = await visit({}, "/#channels");
  const shown = await subscribe(page, "public:markup");
  const markup = JSON.stringify("<img src=x onerror=alert(1)><b id=injected>");
  await publish(shown, markup);
  await expect.poll(() => publications(shown), { timeout: 10_000 }).toEqual([markup]);
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
