import { expect, test } from "vitest";
import { joinRoom, rows, sendText, waitForStatus } from "../support/console-page.ts";
import { useConsole } from "../support/console-suite.ts";
import { findFreePort } from "../support/gateway.ts";
import { lowContrastTexts, namelessControls } from "../support/page-checks.ts";

const { visit, expectProblems, url } = useConsole();

test("PAGE-16: the keyboard reaches everything that matters", async () => {
  const page = await visit();
  await rows(page, "Hello from server").waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.id);
  for (const [key, id] of [
    ["m", "message"],
    ["/", "filter-text"],
  ] as const) {
    await page.locator("#log-rows").focus();
    await page.keyboard.press(key);
    expect(await focused()).toBe(id);
  }
  await page.locator("#send").focus();
  await page.keyboard.press("l");
  await page.keyboard.press("End");
  expect(await page.locator(".entry[aria-selected=true] .preview").innerText()).toBe("Hello from server");
  expect(await page.locator("#bytes > div").count()).toBe(19);
  await page.keyboard.press("ArrowUp");
  await page.getByText("nothing crossed the wire").waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await page.keyboard.press("Escape");
  expect(await page.locator("#help").isVisible()).toBe(false);
  await page.keyboard.press("p");
  expect(await page.getByRole("button", { name: "Resume" }).getAttribute("aria-pressed")).toBe("true");
});

test("PAGE-17: every control has a name, and every id is there once", async () => {
  const page = await visit();
  for (let count = 0; count < 40; count += 1) await sendText(page, `message ${count}`);
  await rows(page, "message 39", "received").waitFor();
  await page.locator("#log-rows").focus();
  await page.keyboard.press("Home");
  await page.getByRole("button", { name: "Newest" }).waitFor();
  expect(await namelessControls(page)).toEqual([]);
  const ids = await page.locator("[id]").evaluateAll((elements) => elements.map(({ id }) => id));
  expect(ids.length).toBeGreaterThan(50);
  expect(new Set(ids).size).toBe(ids.length);
});

test("PAGE-18: a strict policy goes with every file, and messages never become markup", async () => {
  for (const path of ["/", "/app.js", "/style.css", "/favicon.svg", "/no/such/page"]) {
    const { headers } = await fetch(url() + path);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/default-src 'none'; script-src 'self'; style-src 'self' 'sha256-[^' ]+';/);
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  }

  const page = await visit();
  await joinRoom(page, { kind: "echo", room: "markup" });
  const markup = "<img src=x onerror=alert(1)><b id=injected>";
  await sendText(page, markup);
  await rows(page, markup, "received").click();
  expect(await page.locator("#content").innerText()).toBe(markup);
  expect(await page.locator("#injected, .entry img").count()).toBe(0);
});

test.each(["light", "dark"] as const)("PAGE-19: readable on a phone, %s", async (colorScheme) => {
  const page = await visit({ viewport: { width: 375, height: 812 }, colorScheme, isMobile: true });
  await rows(page, "Hello from server").click();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(background).toBe(colorScheme === "light" ? "rgb(244, 242, 238)" : "rgb(20, 22, 27)");
});

test.each(["console", "channels"])("PAGE-35: an address that ends in #%s shows the bar too", async (view) => {
  const page = await visit({ viewport: { width: 390, height: 844 }, isMobile: true }, `/#${view}`);
  await page.locator(".status:visible[data-state=open]").waitFor();
  expect(await page.evaluate(() => scrollY)).toBe(0);
  await page.locator("#views a[aria-current]").click();
  expect(await page.evaluate(() => scrollY)).toBe(0);
});

test("PAGE-33: an address where nothing answers is told, and is not called lost", async () => {
  expectProblems(/WebSocket connection to .* failed/);
  const page = await visit();
  await waitForStatus(page, "open");
  const nowhere = `127.0.0.1:${await findFreePort()}`;
  await page.getByLabel("URL").fill(`ws://${nowhere}/x`);
  await page.getByLabel("URL").press("Enter");
  await waitForStatus(page, `cannot reach ${nowhere}`);
  await page
    .locator("#connect-problem")
    .filter({ hasText: `Cannot reach ws://${nowhere}/x:` })
    .waitFor();
});

test("PAGE-36: at 1280 px the tools of each log stand in one row", async () => {
  const page = await visit({ viewport: { width: 1280, height: 800 } });
  for (const view of ["Sockets", "Channels"]) {
    await page.getByRole("link", { name: view }).click();
    const tools = page.locator(".tools :is(input, select, button):visible");
    const tops = await tools.evaluateAll((items) => items.map((item) => item.getBoundingClientRect().top));
    expect(tops.length).toBe(5);
    expect(new Set(tops).size).toBe(1);
  }
});

test.each(["console", "channels"])(
  "PAGE-36: at 1024 px long forms leave no holes beside them in #%s",
  async (view) => {
    const page = await visit({ viewport: { width: 1024, height: 768 } }, `/#${view}`);
    const cards = page.locator(`#${view} .card:visible:not(.side *)`);
    await cards.nth(2).waitFor();
    await page.locator(".status:visible[data-state=open]").waitFor();
    await page.locator(`#${view} .side`).evaluate((side) => {
      side.style.minHeight = "2000px";
    });
    const boxes = await cards.evaluateAll((items) => items.map((item) => item.getBoundingClientRect()));
    const gaps = boxes.slice(1).map(({ top }, index) => Math.round(top - (boxes[index]?.bottom ?? 0)));
    expect(gaps.length).toBe(2);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(16);
  },
);

test("PAGE-19: in both colour schemes, all text stands out from its background", async () => {
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await visit({ colorScheme });
    await rows(page, "Hello from server").click();
    expect(await lowContrastTexts(page)).toEqual([]);
  }
});

test("PAGE-20: the page of an address without a page is whole at any depth, and below any prefix", async () => {
  expectProblems(/status of 404/);
  const page = await visit({}, "/no/such/page");
  const files = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  expect(files).toEqual([]);
  expect(await page.locator("body").evaluate((body) => getComputedStyle(body).textAlign)).toBe("center");
  expect(await lowContrastTexts(page)).toEqual([]);
});

test("PAGE-20: an address without a page says so, and leads back", async () => {
  expectProblems(/status of 404/);
  const page = await visit({}, "/no/such/page");
  expect(await page.locator("code").allInnerTexts()).toEqual([
    "/ws",
    "/rooms/:kind/:room",
    "/connection/websocket",
    "/api",
  ]);
  await page.getByRole("link", { name: "Open the console" }).click();
  await waitForStatus(page, "open · /ws");
});
