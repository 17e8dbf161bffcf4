import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { waitForSession } from "../support/channels-page.ts";
import { waitForStatus } from "../support/console-page.ts";
import { useConsole } from "../support/console-suite.ts";

/** A gateway as it is deployed: nothing is public yet, and there are no channels. */
const { visit, expectProblems } = useConsole({ vars: { ENVIRONMENT: "production" } });
const FAILED = /WebSocket connection to .* failed|status of (404|503|429)/;

/** Lets the gateway answer the page's questions with this. */
async function answerQuestions(page: Page, path: string, status: number, message: string): Promise<void> {
  await page.route(path, (route) =>
    route.fulfill({ status, contentType: "application/json", body: JSON.stringify({ error: { message } }) }),
  );
}

test("PAGE-43: where /ws is not public, the page says how to turn it on, and does not try again", async () => {
  expectProblems(FAILED);
  const page = await visit();
  const problem = page.locator("#connect-problem");
  await problem.filter({ hasText: 'write rooms: { public: ["hello"] } into' }).waitFor();
  await waitForStatus(page, "not connected");
  expect(await page.locator("#waiting").isHidden()).toBe(true);
  expect(await page.getByRole("radio", { name: "hello" }).count()).toBe(0);
  expect(await page.locator("#kind-hint").innerText()).toMatch("This gateway has no room kinds.");
});

test("PAGE-43: where there are no namespaces, the view of channels subscribes to nothing", async () => {
  expectProblems(FAILED);
  const page = await visit({}, "/#channels");
  await page.getByText("No subscriptions. Name a channel, and subscribe.").waitFor();
  expect(await page.locator(".panel").count()).toBe(0);
});

test("PAGE-42: a refusal that may pass is told as one, and tried again, among the sockets", async () => {
  expectProblems(FAILED);
  const page = await visit();
  await waitForStatus(page, "not connected");
  await answerQuestions(page, "**/ws", 503, "the room is full");
  await page.locator("#connect").click();
  await page.locator("#connect-problem").filter({ hasText: "Refused: 503: the room is full." }).waitFor();
  await waitForStatus(page, "refused, will try again");
  await page
    .locator("#waiting-text")
    .filter({ hasText: /^Attempt 2/ })
    .waitFor();
});

test("PAGE-42: a refusal is told among the channels, and tried again where that may help", async () => {
  expectProblems(FAILED);
  const page = await visit();
  await answerQuestions(page, "**/rooms/x/y", 429, "too many connections from this address");
  await page.getByRole("link", { name: "Channels" }).click();
  await page
    .locator("#channels-connect")
    .filter({ hasText: /connect/i })
    .waitFor();
  await waitForSession(page, /^\d+ /);
  const endpoint = page.getByLabel("Endpoint");
  await endpoint.fill((await endpoint.inputValue()).replace(/connection.*/, "rooms/x/y"));
  await endpoint.press("Enter");
  await waitForSession(page, /^refused, will try again$/);
  expect(await page.locator("#channels-problem").innerText()).toBe(
    "Refused: 429: too many connections from this address. It is tried again.",
  );
  await page.unroute("**/rooms/x/y");
  await page
    .locator("#channels-problem")
    .filter({ hasText: "Refused: 404: there is no room kind" })
    .waitFor();
  await waitForSession(page, /^not connected$/);
});
