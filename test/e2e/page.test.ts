import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { choose, joinRoom, rows, sendText, waitForStatus } from "../support/console-page.ts";
import { useConsole } from "../support/console-suite.ts";

const { visit, visitEarly, expectProblems, url, stopGateway, startGatewayAgain } = useConsole();
const earlyPage = visitEarly();
const textOf = (page: Page, selector: string) => page.locator(selector).innerText();

describe("connecting", () => {
  test("PAGE-01: the page connects to its own /ws and shows the greeting, untouched", async () => {
    const page = await visit();
    await rows(page, "Hello from server", "received").waitFor();
    expect(await textOf(page, "#status")).toBe("open · /ws");
    expect(await page.getByLabel("URL").inputValue()).toBe(`${url("ws")}/ws`);
  });

  test("PAGE-02: kind, room name and subprotocol make the connection, and the URL stays editable", async () => {
    const page = await visit();
    await joinRoom(page, { kind: "echo", room: "first", subprotocol: "echo" });
    expect(await textOf(page, "#fact-protocol")).toBe("echo");
    const address = page.getByLabel("URL");
    expect(await address.inputValue()).toMatch(/^ws:.*\/rooms\/echo\/first$/);
    await page.getByLabel("Subprotocol").fill("");
    await address.fill((await address.inputValue()).replace("echo/first", "broadcast/second"));
    expect(await page.getByLabel("Room name").inputValue()).toBe("second");
    expect(await page.getByRole("radio", { name: "broadcast" }).isChecked()).toBe(true);
    await address.press("Enter");
    await waitForStatus(page, "open · /rooms/broadcast/second");
  });

  test("PAGE-09: a refused connection shows the gateway's own error", async () => {
    expectProblems(/WebSocket connection to .* failed|status of 404/);
    const page = await visit();
    await waitForStatus(page, "open");
    await page.getByLabel("URL").fill(`${url("ws")}/rooms/nonsense/x`);
    await page.getByLabel("URL").press("Enter");
    await rows(page, "Refused: 404: there is no room kind of this name", "note").waitFor();
    expect(await textOf(page, "#connect-problem")).toMatch("there is no room kind of this name");
    await waitForStatus(page, "not connected");
  });

  test("PAGE-09: a subprotocol that the room does not speak is told", async () => {
    expectProblems(/WebSocket connection to .* failed/);
    const page = await visit();
    await waitForStatus(page, "open");
    await choose(page, "broadcast");
    await page.getByLabel("Subprotocol").fill("unheard");
    await page.locator("#connect").click();
    await rows(page, "Refused: this room speaks none of the subprotocols: unheard", "note").waitFor();
    await waitForStatus(page, "not connected");
  });

  test("PAGE-09: a URL that is none is told", async () => {
    const page = await visit();
    await page.getByLabel("URL").fill("http://[");
    await page.getByLabel("URL").press("Enter");
    await page.locator("#connect-problem").filter({ hasText: /URL/ }).waitFor();
  });
});

describe("sending", () => {
  test("PAGE-03: text comes back as text, and hexadecimal bytes as bytes", async () => {
    const page = await visit();
    await joinRoom(page, { kind: "echo", room: "sending" });
    await sendText(page, "grüße 😀");
    const text = rows(page, "grüße 😀", "received");
    await text.waitFor();
    expect(await text.locator(".type, .size").allInnerTexts()).toEqual(["text", "12 B"]);

    await choose(page, "Hex");
    await page.locator("#message").fill("de ad be ef 00");
    await page.locator("#message").press("Control+Enter");
    const bytes = rows(page, "de ad be ef 00", "received");
    await bytes.waitFor();
    expect(await bytes.locator(".type, .size").allInnerTexts()).toEqual(["binary", "5 B"]);
  });

  test("PAGE-03: a file is sent as one binary message", async () => {
    const page = await visit();
    await joinRoom(page, { kind: "echo", room: "files" });
    await choose(page, "File");
    const buffer = Buffer.alloc(70_000, 7);
    await page.getByLabel("File to send").setInputFiles({ name: "a.bin", mimeType: "", buffer });
    await page.locator("#send").click();
    const row = rows(page, "07 07 07", "received");
    await row.waitFor();
    expect(await row.locator(".size").innerText()).toBe("68 KB");
  });

  test("PAGE-03: broken JSON and broken hexadecimal are not sent, and why is said", async () => {
    const page = await visit();
    await joinRoom(page, { kind: "echo", room: "broken" });
    for (const [mode, content, problem] of [
      ["JSON", '{"a":', /Not JSON/],
      ["Hex", "abc", /one digit is missing/],
    ] as const) {
      await choose(page, mode);
      await page.locator("#message").fill(content);
      await page.locator("#send").click();
      await page.locator("#composer-problem").filter({ hasText: problem }).waitFor();
      expect(await page.locator("#message").getAttribute("aria-invalid")).toBe("true");
    }
    await choose(page, "JSON");
    await page.locator("#message").fill('{"a":1}');
    await page.locator("#send").click();
    await rows(page, '{"a":1}', "received").waitFor();
    expect(await rows(page, "", "sent").count()).toBe(1);
  });

  test("PAGE-04: two pages in one broadcast room hear each other, and not themselves", async () => {
    const [ada, bob] = await Promise.all([visit(), visit()]);
    for (const page of [ada, bob]) await joinRoom(page, { kind: "broadcast", room: "talk" });
    await sendText(ada, "from Ada");
    await rows(bob, "from Ada", "received").waitFor();
    await sendText(bob, "from Bob");
    await rows(ada, "from Bob", "received").waitFor();
    expect(await rows(ada, "from Ada", "received").count()).toBe(0);
    expect(await rows(bob, "from Bob", "received").count()).toBe(0);
  });

  test("PAGE-15: round trips are measured and drawn where messages come back", async () => {
    const page = await visit();
    await joinRoom(page, { kind: "echo", room: "trips" });
    for (const text of ["one", "two", "three"]) await sendText(page, text);
    await page.locator("#rtt-count").filter({ hasText: /^3$/ }).waitFor();
    expect(await textOf(page, "#rtt-median")).toMatch(/^[\d.]+ ms$/);
    expect(await page.locator("#chart path.line").getAttribute("d")).toMatch(/^M.*L.*L/);
    await joinRoom(page, { kind: "broadcast", room: "trips" });
    expect(await page.getByLabel("Probe every second").isDisabled()).toBe(true);
  });
});

describe("closing", () => {
  test("PAGE-05: a close with code and reason comes back, with the code in words", async () => {
    const page = await visit();
    await joinRoom(page, { kind: "echo", room: "closing" });
    await page.getByLabel("Close code").fill("4001");
    await page.getByLabel("Reason").fill("done for today");
    await page.getByRole("button", { name: "Close" }).click();
    await rows(page, "4001 private use: done for today", "received").waitFor();
    expect(await rows(page, "4001 private use: done for today", "sent").count()).toBe(1);
    expect(await textOf(page, "#last-close")).toMatch(
      /4001 private use[\s\S]*both ends agree[\s\S]*done for today/,
    );
    expect(await textOf(page, "#status")).toBe("not connected");
  });

  test("PAGE-06: a code that a browser may not send is refused before it is sent", async () => {
    const page = await visit();
    await waitForStatus(page, "open");
    await page.getByLabel("Close code").fill("1001");
    await page.getByRole("button", { name: "Close" }).click();
    expect(await textOf(page, "#close-hint")).toMatch("1000 and 3000 to 4999");
    expect(await textOf(page, "#status")).toBe("open · /ws");
  });
});

describe("with time", () => {
  test("PAGE-01: the greeting comes again after 15 seconds", async () => {
    await rows(earlyPage(), "Hello from server", "received").nth(1).waitFor();
  });
});

describe("coming back", () => {
  test("PAGE-07: the page reconnects after the gateway is restarted, and shows how long it waits", async () => {
    expectProblems(/WebSocket connection to .* failed|ERR_CONNECTION_REFUSED/);
    const page = await visit();
    await rows(page, "Hello from server").waitFor();
    await stopGateway();
    await page
      .locator("#waiting-text")
      .filter({ hasText: /^Attempt \d+ in [\d.]+ s$/ })
      .waitFor();
    await startGatewayAgain();
    await rows(page, "Hello from server").nth(1).waitFor();
    expect(await textOf(page, "#status")).toBe("open · /ws");
  });

  test("PAGE-08: it does not come back after a close by its user", async () => {
    const page = await visit();
    await waitForStatus(page, "open");
    await page.getByRole("button", { name: "Close" }).click();
    await waitForStatus(page, "not connected");
    expect(await page.locator("#waiting").isHidden()).toBe(true);
  });

  test("PAGE-08: a close by the gateway is explained, and followed by a reconnect only where that is wanted", async () => {
    const page = await visit();
    await page.getByLabel("Auto-reconnect").uncheck();
    const sendTooMuch = async () => {
      await waitForStatus(page, "open · /ws");
      await choose(page, "File");
      const buffer = Buffer.alloc(1024 * 1024 + 1);
      await page.getByLabel("File to send").setInputFiles({ name: "large.bin", mimeType: "", buffer });
      await page.locator("#send").click();
    };
    await sendTooMuch();
    await waitForStatus(page, "not connected");
    expect(await textOf(page, "#last-close")).toMatch(/1009 message too big/);
    await page.getByLabel("Auto-reconnect").check();
    await page.locator("#connect").click();
    await sendTooMuch();
    await rows(page, "Connected to", "note").nth(2).waitFor();
  });
});
