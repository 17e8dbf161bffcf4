import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import { type Example, startExample } from "../support/example.ts";

let example: Example;
let browser: Browser;

beforeAll(async () => {
  [example, browser] = await Promise.all([startExample("chat"), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await example?.stop();
});

async function enter(name: string): Promise<Page> {
  const { page } = await openPage(browser, example.url);
  await page.getByLabel("What shall we call you?").fill(name);
  await page.getByRole("button", { name: "Join" }).click();
  await page.getByText(`you are ${name}`).waitFor();
  return page;
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel("Message").fill(text);
  await page.getByRole("button", { name: "Send" }).click();
  await expect.poll(() => page.getByLabel("Message").inputValue()).toBe("");
}

const messages = (page: Page) => page.locator("#messages li span").allTextContents();
const members = (page: Page) => page.locator("#members li").allTextContents();

test("EXAMPLE-01: the chat shows what was said before, what is said, and who is here", async () => {
  const ann = await enter("ann");
  await say(ann, "hello?");
  await say(ann, "<b>anybody?</b>");
  const bob = await enter("bob");
  await expect.poll(() => messages(bob)).toEqual(["hello?", "<b>anybody?</b>"]);
  await expect.poll(() => members(ann)).toEqual(["ann", "bob"]);
  await say(bob, "here");
  await expect.poll(() => messages(ann)).toEqual(["hello?", "<b>anybody?</b>", "here"]);
  await bob.close();
  await expect.poll(() => members(ann)).toEqual(["ann"]);
  await ann.reload();
  await expect.poll(() => messages(ann)).toEqual(["hello?", "<b>anybody?</b>", "here"]);
});

test("EXAMPLE-01: who was away gets what was said meanwhile", async () => {
  const [cleo, dan] = [await enter("cleo"), await enter("dan")];
  await dan.context().setOffline(true);
  await dan.getByText("connecting …").waitFor();
  await say(cleo, "while you were away");
  await dan.context().setOffline(false);
  await expect.poll(async () => (await messages(dan)).at(-1)).toBe("while you were away");
});

test("EXAMPLE-01: the chat refuses a name that is none", async () => {
  const { page } = await openPage(browser, example.url);
  await page.getByLabel("What shall we call you?").fill("!");
  await page.getByRole("button", { name: "Join" }).click();
  await page.getByText("a name has 1 to 20 letters and digits").waitFor();
});
