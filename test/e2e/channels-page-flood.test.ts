import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { ROWS_PER_FRAME } from "../../src/client/channels/row-slices.ts";
import { startChannelFlood } from "../support/channel-flood.ts";
import { part, publish, subscribe } from "../support/channels-page.ts";
import { useConsole } from "../support/console-suite.ts";
import { mostInOneFrame, watchWork } from "../support/page-checks.ts";

const API_KEY = "the key of the flood";
const { visit, url } = useConsole({ vars: { API_KEY } });
const PUBLICATIONS = 10_000;
const IN_ONE_REQUEST = 500;
const NEWEST_PANEL_ROWS = ".panel:last-child .publications";

/** Notes the numbers of publications that the panel shows on the way. */
function watchNumbers(page: Page): Promise<void> {
  return page.evaluate(() => {
    const { dataset } = document.body;
    const received = document.querySelector(".panel:last-child [data-part=received]") ?? document.body;
    new MutationObserver(() => {
      dataset.received = `${dataset.received ?? ""} ${received.textContent}`;
    }).observe(received, { childList: true });
  });
}

async function publishMany(channel: string): Promise<void> {
  for (let start = 0; start < PUBLICATIONS; start += IN_ONE_REQUEST) {
    const commands = Array.from({ length: IN_ONE_REQUEST }, (_, index) => ({
      publish: { channel, data: { number: start + index, text: "as long as such things are" } },
    }));
    const response = await fetch(`${url()}/api/batch`, {
      method: "POST",
      headers: { "X-API-Key": API_KEY },
      body: JSON.stringify({ commands, parallel: true }),
    });
    if (!response.ok) throw new Error(`refused with ${response.status}`);
    await response.body?.cancel();
  }
}

test("PAGE-46: of 10,000 publications at once, the page makes a few rows in each frame, and goes on", async () => {
  const page = await visit({}, "/#channels");
  const shown = await subscribe(page, "public:flood");
  await watchWork(page, NEWEST_PANEL_ROWS);
  await publishMany("public:flood");
  await part(shown, "received")
    .filter({ hasText: /^10000$/ })
    .waitFor();
  await shown.locator(".publication").filter({ hasText: '"number":9999' }).waitFor();
  await shown.locator(".publication").nth(299).waitFor();
  expect(await mostInOneFrame(page)).toBeGreaterThan(0);
  expect(await mostInOneFrame(page)).toBeLessThanOrEqual(ROWS_PER_FRAME);
  expect(await shown.locator(".publication").count()).toBe(300);
  expect(await shown.locator("[data-flaw]").count()).toBe(0);
  await publish(shown, '"still here"');
  await shown.locator(".publication").filter({ hasText: "still here" }).waitFor();
});

test("PAGE-46: while 10,000 publications of one frame are taken, the page draws", async () => {
  const flood = await startChannelFlood();
  try {
    const page = await visit({}, "/#channels");
    await subscribe(page, "public:before");
    await page.locator("#endpoint").fill(flood.url);
    await page.locator("#channels-connect").click();
    const shown = await subscribe(page, "public:flood");
    await watchWork(page, NEWEST_PANEL_ROWS);
    await watchNumbers(page);
    await flood.publish("public:flood", PUBLICATIONS, PUBLICATIONS, 0);
    await shown.locator(".publication").filter({ hasText: '"number":9999' }).waitFor();
    await shown.locator(".publication").nth(299).waitFor();
    const { received = "" } = await page.evaluate(() => ({ ...document.body.dataset }));
    const onTheWay = received.trim().split(" ").map(Number);
    expect(onTheWay.at(-1)).toBe(PUBLICATIONS);
    expect(onTheWay.length).toBeGreaterThan(2);
    expect(await mostInOneFrame(page)).toBeLessThanOrEqual(ROWS_PER_FRAME);
    expect(await shown.locator("[data-flaw]").count()).toBe(0);
    await page.locator("#frames-log-rows .entry[data-label='pub +9999']").click();
    await page.locator("#lines-more").filter({ hasText: "and 9,900 lines more" }).waitFor();
    expect(await page.locator("#frame-lines > li").count()).toBe(100);
  } finally {
    flood.close();
  }
});
