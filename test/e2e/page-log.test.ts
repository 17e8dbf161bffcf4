import type { Page } from "playwright-core";
import { afterEach, describe, expect, test } from "vitest";
import { joinRoom, rows, sendText, waitForStatus } from "../support/console-page.ts";
import { useConsole } from "../support/console-suite.ts";
import { type Flood, startFlood } from "../support/flood.ts";
import { mostInOneFrame, watchWork } from "../support/page-checks.ts";

/** More rows than are in sight. */
const IN_SIGHT = 100;
/** Rows that may be made in one frame, in which scrolling draws too: far fewer than messages come. */
const AT_ONCE = 3 * IN_SIGHT;

const { visit } = useConsole();
const bytesOf = (page: Page) => page.locator("#bytes > div").allTextContents();
const textOf = (page: Page, selector: string) => page.locator(selector).innerText();

describe("the inspector", () => {
  test("PAGE-10: a received “Hello” is 81 05 and five bytes, a sent one is masked", async () => {
    const page = await visit();
    await joinRoom(page, { kind: "echo", room: "frames" });
    await page.getByRole("button", { name: "Clear" }).click();
    await sendText(page, "Hello");
    await rows(page, "Hello", "received").click();
    expect(await bytesOf(page)).toEqual(["81", "05", "48", "65", "6c", "6c", "6f"]);
    await rows(page, "Hello", "sent").click();
    const [first, second, ...rest] = (await bytesOf(page)).map((byte) => Number.parseInt(byte, 16));
    expect([first, second, rest.length]).toEqual([0x81, 0x85, 9]);
    const payload = rest.slice(4).map((byte, index) => byte ^ (rest[index % 4] ?? 0));
    expect(String.fromCharCode(...payload)).toBe("Hello");
    expect(await textOf(page, "#honesty")).toMatch(/Browsers hide frames.*masking key is a random example/);
  });

  test("PAGE-10: pointing at a byte lights up its fields, and so do the arrow keys", async () => {
    const page = await visit();
    await rows(page, "Hello from server").click();
    const litFields = () => page.locator("#fields > .lit .name").allInnerTexts();
    await page.locator("#byte-1").hover();
    expect(await litFields()).toEqual(["MASK", "payload length"]);
    await page.locator("#bytes").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(await litFields()).toEqual(["payload"]);
  });

  test("PAGE-11: what the message would cost as an HTTP request stands beside its frame", async () => {
    const page = await visit();
    await rows(page, "Hello from server").click();
    expect(await textOf(page, "#cost-text")).toMatch(
      /^Around 17 B of payload, a frame adds 2 bytes where HTTP\/1\.1 adds \d{3}:/,
    );
    expect(await page.locator("#cost-request").textContent()).toMatch(/^GET \/ws HTTP\/1\.1/);
  });
});

describe("the log", () => {
  let flood: Flood | undefined;

  afterEach(() => flood?.close());

  /** Connects the page to a server that sends so many messages. */
  async function connectToFlood(page: Page, count: number): Promise<void> {
    flood = await startFlood(count);
    await waitForStatus(page, "open");
    await page.getByLabel("URL").fill(flood.url);
    await page.getByLabel("URL").press("Enter");
  }

  test("PAGE-14: filter, pause, copy and clear", async () => {
    const page = await visit({ permissions: ["clipboard-read", "clipboard-write"] });
    await joinRoom(page, { kind: "echo", room: "log" });
    for (const text of ["apple", "banana"]) await sendText(page, text);
    await rows(page, "banana", "received").waitFor();

    await page.getByLabel("Filter messages").fill("APP");
    await page.getByLabel("Direction").selectOption("sent");
    await page
      .locator("#log-count")
      .filter({ hasText: /^1 of / })
      .waitFor();
    expect(await page.locator(".entry .preview").allInnerTexts()).toEqual(["apple"]);
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^\S+Z\tsent\ttext\t5\tapple$/);

    await page.getByLabel("Filter messages").fill("");
    await page.getByLabel("Direction").selectOption("all");
    await page.getByRole("button", { name: "Pause" }).click();
    await sendText(page, "cherry");
    await page.locator("#log-count").filter({ hasText: "paused, 2 new" }).waitFor();
    expect(await rows(page, "cherry").count()).toBe(0);
    await page.getByRole("button", { name: "Resume" }).click();
    await rows(page, "cherry", "received").waitFor();

    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByText("No messages yet.").waitFor();
    expect(await page.locator(".entry").count()).toBe(0);
  });

  test("PAGE-13: 20,000 messages neither freeze the page nor fill the document", async () => {
    const page = await visit();
    await watchWork(page, "#log-rows .spacer");
    await connectToFlood(page, 20_000);
    await rows(page, "message 19999").waitFor();
    expect(await mostInOneFrame(page)).toBeGreaterThan(0);
    expect(await mostInOneFrame(page)).toBeLessThan(AT_ONCE);
    expect(await page.locator(".entry").count()).toBeLessThan(IN_SIGHT);
    await sendText(page, "still here");
    await rows(page, "still here", "sent").waitFor();
  });

  test("PAGE-12: of more than 10,000 entries the oldest are dropped, and the page says how many", async () => {
    const page = await visit();
    await rows(page, "Hello from server").waitFor();
    await page.getByRole("button", { name: "Clear" }).click();
    await connectToFlood(page, 12_000);
    await page
      .locator("#log-count")
      .filter({ hasText: /^10,000 entries · 2,00\d older dropped$/ })
      .waitFor();
    await page.locator("#log-rows").press("Home");
    expect(await page.locator(".entry[aria-selected=true] .preview").innerText()).toMatch(/^message 200\d$/);
  });
});
