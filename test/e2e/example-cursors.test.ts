import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { launchBrowser, openPage } from "../support/browser.ts";
import { type Example, startExample } from "../support/example.ts";

let example: Example;
let browser: Browser;

beforeAll(async () => {
  [example, browser] = await Promise.all([startExample("cursors"), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await example?.stop();
});

async function enter(room: string): Promise<Page> {
  const { page } = await openPage(browser, `${example.url}/?room=${room}`);
  await page.locator("#status").filter({ hasNotText: "connecting" }).waitFor();
  return page;
}

/** Where a page shows pointers. A browser may report one of its own that nobody has moved, at another place. */
const places = (page: Page) =>
  page
    .locator("#cursors div")
    .evaluateAll((all) => all.map((cursor) => (cursor as HTMLElement).style.translate));

test("EXAMPLE-02: everybody sees the pointers of the others, newcomers too, until they leave", async () => {
  const [ann, bob] = [await enter("a"), await enter("a")];
  await ann.mouse.move(720, 450);
  await expect.poll(() => places(bob)).toContain("50vw 50vh");
  const cleo = await enter("a");
  await expect.poll(() => places(cleo)).toContain("50vw 50vh");
  expect(await places(ann)).not.toContain("50vw 50vh");
  await ann.close();
  await expect.poll(() => places(bob)).not.toContain("50vw 50vh");
});

test("EXAMPLE-02: nothing is passed on that is no position", async () => {
  const bob = await enter("b");
  const stranger = new WebSocket(`${example.url.replace("http", "ws")}/rooms/cursors/b`);
  await new Promise((resolve) => stranger.once("open", resolve));
  for (const nonsense of ["", "null", "{}", '{"x":2,"y":0}', '{"x":"0","y":0}', Buffer.from([255])])
    stranger.send(nonsense);
  stranger.send('{"x":0.25,"y":0.5}');
  await expect.poll(() => places(bob)).toContain("25vw 50vh");
  expect((await places(bob)).every((place) => /^[\d.]+vw [\d.]+vh$/.test(place))).toBe(true);
  stranger.close();
});
