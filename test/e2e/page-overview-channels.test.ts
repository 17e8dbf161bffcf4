import { expect, test } from "vitest";
import { channelsOf, hubsOf, snapshotOf } from "../support/made-up-overview.ts";
import { useOverview } from "../support/overview-suite.ts";
import { mostInOneFrame, watchWork } from "../support/page-checks.ts";

const { enter, standIn, expectProblems } = useOverview();
const CHANNELS = 100_000;
/** Rows in sight at 1440 × 900, and those beyond on both sides. */
const ROWS_DRAWN = 40;

const answerChannels = () =>
  standIn().api.answer("overview_channels", ({ params }) => channelsOf(CHANNELS, params));

test("PAGE-56: of 100,000 channels a page is asked for at a time, and rows in sight are drawn", async () => {
  answerChannels();
  const page = await enter();
  const count = page.locator("#all-channels-count");
  await count.filter({ hasText: "the 500 largest of 100,000 channels" }).waitFor();
  expect(await page.locator(".channel-row").count()).toBeLessThan(ROWS_DRAWN);
  await page.locator("#all-channels-rows").focus();
  await page.keyboard.press("End");
  await count.filter({ hasText: "the 1,000 largest of 100,000 channels" }).waitFor();
  await page.locator(".channel-row[aria-selected=true]").filter({ hasText: "chat:499" }).waitFor();
  expect(await page.locator("#picked-channel").inputValue()).toBe("chat:499");
  expect(await page.locator(".channel-row").count()).toBeLessThan(ROWS_DRAWN);
  expect(standIn().api.asked.filter(({ method }) => method === "overview_channels").length).toBe(2);
});

test("PAGE-56: a search is the gateway's", async () => {
  answerChannels();
  const page = await enter();
  await page.locator(".channel-row").first().waitFor();
  await page.getByLabel("Search channels").fill("chat:77777");
  await page
    .locator("#all-channels-count")
    .filter({ hasText: /^1 channel$/ })
    .waitFor();
  expect(await page.locator(".channel-row .name").allInnerTexts()).toEqual(["chat:77777"]);
  standIn().api.answer("overview_channels", { result: { channels: [], total: 0, complete: true } });
  await page.getByRole("button", { name: "Ask again" }).click();
  await page.locator("#all-channels-empty").filter({ hasText: "Nothing matches the search." }).waitFor();
});

test("PAGE-56: an answer that comes late is not shown in place of a later one", async () => {
  const page = await enter();
  const release: (() => void)[] = [];
  await page.route("**/api/overview_channels", async (route) => {
    const { search } = route.request().postDataJSON() as { search: string };
    if (search === "slow") await new Promise<void>((resolve) => release.push(resolve));
    const channels = [{ channel: `found ${search}`, num_clients: 1 }];
    await route.fulfill({ json: { result: { channels, total: 1, complete: true } } });
  });
  await page.getByLabel("Search channels").fill("slow");
  await expect.poll(() => release.length).toBe(1);
  await page.getByLabel("Search channels").fill("fast");
  await page.locator(".channel-row").filter({ hasText: "found fast" }).waitFor();
  const late = page.waitForResponse("**/api/overview_channels");
  release[0]?.();
  await late;
  await page.evaluate(() => new Promise(requestAnimationFrame));
  expect(await page.locator(".channel-row .name").allInnerTexts()).toEqual(["found fast"]);
});

test("PAGE-56: that channels could not be counted whole, or not be had, is told", async () => {
  standIn().api.answer("overview_channels", {
    result: { channels: [{ channel: "a", num_clients: 2 }], total: 1, complete: false },
  });
  expectProblems(/status of 500/);
  const page = await enter();
  await page.locator("#all-channels-count").filter({ hasText: "more than 1 channel" }).waitFor();
  standIn().api.answer("overview_channels", { status: 500, text: "internal server error" });
  await page.getByRole("button", { name: "Ask again" }).click();
  await page
    .locator("#all-channels-empty")
    .filter({ hasText: "Could not ask for channels: the gateway answered 500: internal server error" })
    .waitFor();
});

test("PAGE-56: of 200 hubs that all report at once, rows in sight are made", async () => {
  answerChannels();
  const page = await enter();
  await page.locator("#overview-status").filter({ hasText: "live · 200 hubs" }).waitFor();
  await watchWork(page, "#hubs-rows .spacer");
  for (let more = 1; more <= 10; more += 1) standIn().push(snapshotOf(hubsOf(200 + more)));
  await page.locator("#overview-status").filter({ hasText: "live · 210 hubs" }).waitFor();
  await page.locator("#hubs-count").filter({ hasText: "210 hubs" }).waitFor();
  await expect.poll(() => mostInOneFrame(page)).toBeGreaterThan(0);
  expect(await mostInOneFrame(page)).toBeLessThan(ROWS_DRAWN);
  expect(await page.locator(".hub-row").count()).toBeLessThan(ROWS_DRAWN);
});
