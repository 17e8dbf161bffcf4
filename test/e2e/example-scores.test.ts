import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import { type Example, startExample } from "../support/example.ts";
import { until } from "../support/until.ts";

let example: Example;
let browser: Browser;

beforeAll(async () => {
  [example, browser] = await Promise.all([startExample("scores"), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await example?.stop();
});

async function watch(): Promise<Page> {
  const { page } = await openPage(browser, example.url);
  await page.getByText("live", { exact: true }).waitFor();
  return page;
}

const score = (page: Page) => page.locator("#score").textContent();

test("EXAMPLE-03: who watches sees the score change, and who comes later or was away sees the last one", async () => {
  const [ann, bob] = [await watch(), await watch()];
  expect(await score(ann)).toBe("–");
  await bob.context().setOffline(true);
  await bob.getByText("connecting …").waitFor();
  const match = example.start("npm run play", { GATEWAY_URL: example.url, PACE: "10" });
  await until(() => match.ended() !== undefined, "the match to end");
  expect(match.ended(), match.output()).toBe(0);
  const [last = ""] = /\d+:\d+$/.exec(match.output().trim()) ?? [];
  await bob.context().setOffline(false);
  for (const page of [ann, bob, await watch()]) {
    await page.getByText("Full time").waitFor();
    expect(await score(page)).toBe(last.replace(":", " : "));
  }
});
