import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import { type Example, startExample } from "../support/example.ts";

let example: Example;
let browser: Browser;

beforeAll(async () => {
  [example, browser] = await Promise.all([startExample("ai-stream"), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await example?.stop();
});

async function ask(question: string): Promise<Page> {
  const { page } = await openPage(browser, example.url);
  await page.getByLabel("Question").fill(question);
  await page.getByRole("button", { name: "Ask" }).click();
  await page.getByText("writing …").waitFor();
  return page;
}

const answer = (page: Page) => page.locator("#answer").textContent();

test("EXAMPLE-04: a reload in the middle shows the answer from its beginning, and the rest as it comes", async () => {
  const model = await readFile("examples/ai-stream/model.ts", "utf8");
  const [, whole = ""] = /`([^`]*)`/.exec(model) ?? [];
  const page = await ask("Which <bird> hibernates?");
  await page.reload();
  await expect.poll(() => answer(page)).toBe(whole.replaceAll("\n", " "));
  await expect.poll(() => page.locator("#status").textContent()).toBe("");
  expect(await page.locator("#question").textContent()).toBe("Which <bird> hibernates?");
});

test("EXAMPLE-09: EventSource alone reads the answer through a reload", async () => {
  const model = await readFile("examples/ai-stream/model.ts", "utf8");
  const [, whole = ""] = /`([^`]*)`/.exec(model) ?? [];
  const { hash } = new URL((await ask("And without an SDK?")).url());
  const { page, problems } = await openPage(browser, `${example.url}/listen.html${hash}`);
  await page.getByText("writing …").waitFor();
  await page.reload();
  await expect.poll(() => answer(page)).toBe(whole.replaceAll("\n", " "));
  await expect.poll(() => page.locator("#status").textContent()).toBe("");
  expect(await page.locator("#question").textContent()).toBe("And without an SDK?");
  expect(problems).toEqual([]);
});

test("EXAMPLE-04: the answer goes on when whoever asked has left", async () => {
  const page = await ask("And then?");
  const url = page.url();
  await page.close();
  const { page: other } = await openPage(browser, url);
  await expect.poll(() => answer(other)).toMatch(/follows\.$/);
});

test("EXAMPLE-04: an answer is asked for once", async () => {
  const post = () => fetch(`${example.url}/rooms/answer/one`, { method: "POST", body: "Why?" });
  expect((await post()).status).toBe(202);
  expect((await post()).status).toBe(409);
  expect((await fetch(`${example.url}/rooms/answer/one`)).status).toBe(405);
});
