import { expect, test } from "vitest";
import { panel, publish, subscribe, waitForSession, waitForState } from "../support/channels-page.ts";
import { joinRoom, rows, sendText, waitForStatus } from "../support/console-page.ts";
import { useConsole } from "../support/console-suite.ts";

const { visit, url } = useConsole();

test("PAGE-44: a reload brings the room back, with its subprotocol", async () => {
  const page = await visit();
  await joinRoom(page, { kind: "echo", room: "kept", subprotocol: "echo" });
  expect(new URL(page.url()).search).toBe("?kind=echo&room=kept&subprotocol=echo");
  await page.reload();
  await waitForStatus(page, "open · /rooms/echo/kept");
  expect(await page.getByLabel("Subprotocol").inputValue()).toBe("echo");
  await expect.poll(() => page.getByRole("radio", { name: "echo" }).isChecked()).toBe(true);
});

test("PAGE-44: a link brings the channels and the view back, also none", async () => {
  const page = await visit({}, "/#channels");
  await waitForSession(page, /^connected · 1 channel$/);
  expect(new URL(page.url()).search).toBe("");
  await subscribe(page, "public:second");
  const link = page.url();
  expect(new URL(link).search).toBe("?channel=public:lobby&channel=public:second");
  const other = await visit({}, link.slice(url().length));
  await waitForState(panel(other, "public:second"), /^subscribed$/);
  await waitForSession(other, /^connected · 2 channels$/);
  for (const name of ["public:lobby", "public:second"])
    await panel(other, name).getByRole("button", { name: "Remove this channel" }).click();
  await other.reload();
  await waitForSession(other, /^connected · 0 channels$/);
});

test("PAGE-44: a link to another host fills in the form, and connects nowhere", async () => {
  const page = await visit({}, "/?url=ws://127.0.0.1:9/x");
  await page.locator("#connect-problem").filter({ hasText: "is not on this gateway" }).waitFor();
  expect(await page.getByLabel("URL").inputValue()).toBe("ws://127.0.0.1:9/x");
  await waitForStatus(page, "not connected");
});

test("PAGE-45: the header shows the messages a second and the last round trip, in both views", async () => {
  const page = await visit();
  await rows(page, "Hello from server").waitFor();
  const figures = page.locator("#figures");
  await sendText(page, "there and back");
  await figures.filter({ hasText: /^[1-9]\d* msg\/s · [\d.]+ ms$/ }).waitFor();
  await page.getByRole("link", { name: "Channels" }).click();
  const lobby = panel(page, "public:lobby");
  await waitForState(lobby, /^subscribed$/);
  await publish(lobby, "1");
  await page
    .locator("#channels-figures")
    .filter({ hasText: /^[1-9]\d* msg\/s · [\d.]+ ms$/ })
    .waitFor();
  expect(await figures.isVisible()).toBe(false);
});

test("PAGE-47: on a phone, publications and messages come before the forms", async () => {
  const page = await visit({ viewport: { width: 390, height: 844 }, isMobile: true }, "/#channels");
  const top = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => element.getBoundingClientRect().top);
  await waitForState(panel(page, "public:lobby"), /^subscribed$/);
  expect(await top(".publications")).toBeLessThan(await top("#channels-form, #channels-connection"));
  expect(await top(".publications")).toBeLessThan(await top("#subscribe-form"));
  await page.getByRole("link", { name: "Sockets" }).click();
  expect(await top("#log-rows")).toBeLessThan(await top("#connection"));
});
