import { setTimeout as wait } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { launchBrowser, openPage } from "../../test/support/browser.ts";
import { channelsOf, hubsOf, snapshotOf } from "../../test/support/made-up-overview.ts";
import { signIn } from "../../test/support/overview-page.ts";
import { type StandIn, startStandIn } from "../../test/support/overview-stand-in.ts";
import { tasksDuring } from "../page-tasks.ts";
import type { Sample, Scenario } from "../scenario.ts";
import { quantile, sort } from "../statistics.ts";

const HUBS = 200;
const CHANNELS = 100_000;
const PUSHES = 20;
/** The gateway pushes at most once a second. */
const BETWEEN_PUSHES_MS = 1_000;
const PAGES = 20;
const STEPS = ["signing in", "all hubs report", "scrolling through channels"] as const;

/** How long the page of an overview answers nobody: its longest task, and what that is in processor time. */
export const overviewPage: Scenario = {
  title: `The overview, ${HUBS} hubs and ${CHANNELS.toLocaleString("en")} channels`,
  metrics: STEPS.flatMap((step) => [
    { name: `${step}, ms of the longest task`, digits: 0 },
    { name: `${step}, processor ms of the longest task`, digits: 0 },
  ]),
  goals: STEPS.map((step) => ({ metric: `${step}, ms of the longest task`, atMost: 50 })),
  maxRounds: 3,
  run: async () => new Map([["poorwill", await sample()]]),
};

async function sample(): Promise<Sample> {
  const standIn = await startStandIn(() => snapshotOf(hubsOf(HUBS)));
  const browser = await launchBrowser();
  try {
    return await measure(browser, standIn);
  } finally {
    await browser.close();
    standIn.close();
  }
}

async function measure(browser: Browser, standIn: StandIn): Promise<Sample> {
  standIn.api.answer("overview_channels", ({ params }) => channelsOf(CHANNELS, params));
  const { page } = await openPage(browser, `${standIn.url}/#overview`);
  await page.locator("#sign-in:enabled").waitFor();
  const signingIn = await longest(page, async () => {
    await signIn(page);
    await page.locator(".hub-row").first().waitFor();
    await page.locator(".channel-row").first().waitFor();
  });
  const reporting = await longest(page, () => reportAll(page, standIn));
  const scrolling = await longest(page, () => scrollThrough(page));
  return [...signingIn, ...reporting, ...scrolling];
}

async function reportAll(page: Page, standIn: StandIn): Promise<void> {
  for (let push = 1; push <= PUSHES; push += 1) {
    standIn.push({ ...snapshotOf(hubsOf(HUBS + push)), kind: "changes", gone: [] });
    await wait(BETWEEN_PUSHES_MS);
  }
  await page
    .locator("#hubs-count")
    .filter({ hasText: `${HUBS + PUSHES} hubs` })
    .waitFor();
}

async function scrollThrough(page: Page): Promise<void> {
  const count = page.locator("#all-channels-count");
  await page.locator("#all-channels-rows").focus();
  for (let pages = 2; pages <= PAGES; pages += 1) {
    await page.keyboard.press("End");
    await count.filter({ hasText: `the ${(pages * 500).toLocaleString("en")} largest` }).waitFor();
  }
}

/** The longest task of a page meanwhile: milliseconds, and those of the processor. */
async function longest(page: Page, run: () => Promise<void>): Promise<Sample> {
  const tasks = await tasksDuring(page, run);
  return [
    quantile(sort(tasks.map(({ time }) => time)), 1),
    quantile(sort(tasks.map(({ processorTime }) => processorTime)), 1),
  ];
}
