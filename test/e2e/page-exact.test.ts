import { expect, test } from "vitest";
import {
  frames,
  panel,
  part,
  publications,
  publish,
  subscribe,
  waitForState,
} from "../support/channels-page.ts";
import { choose, joinRoom, rows, sendText } from "../support/console-page.ts";
import { useConsole } from "../support/console-suite.ts";

const { visit } = useConsole();
const EXACT = '{"n":[9007199254740993,1e400,-0,1.10]}';
const LAID_OUT = '{\n  "n": [\n    9007199254740993,\n    1e400,\n    -0,\n    1.10\n  ]\n}';
const TURNED = '"user\u202egnp.exe"';

test("PAGE-40: among the channels, numbers have the digits that were published: live, in history, in frames", async () => {
  const page = await visit({}, "/#channels");
  const shown = await subscribe(page, "public:exact");
  await publish(shown, LAID_OUT);
  await expect.poll(() => publications(shown)).toEqual([EXACT]);
  await frames(page, "received", "pub").last().click();
  expect(await page.locator("#frame-lines pre").first().innerText()).toMatch(
    /9007199254740993,\s+1e400,\s+-0,\s+1\.10/,
  );
  await frames(page, "sent", "publish").last().click();
  expect(await page.locator("#frame-lines pre").last().innerText()).toMatch(
    /9007199254740993,\s+1e400,\s+-0,\s+1\.10/,
  );
  await shown.getByRole("button", { name: "History" }).click();
  await shown.getByText("1 stored publication").waitFor();
  expect(await publications(shown)).toEqual([EXACT]);

  const late = await visit({}, "/#channels");
  await waitForState(panel(late, "public:lobby"), /^subscribed$/);
  await late.getByLabel("Stay offline").check();
  await late.getByRole("button", { name: "Drop my connection" }).click();
  await publish(panel(page, "public:lobby"), EXACT);
  await expect.poll(() => publications(panel(page, "public:lobby"))).toEqual([EXACT]);
  await late.getByRole("button", { name: "Back now" }).click();
  await expect.poll(() => publications(panel(late, "public:lobby"))).toEqual([`r ${EXACT}`]);
});

test("PAGE-40: among the sockets, numbers have the digits that were sent, in the inspector and the form", async () => {
  const page = await visit();
  await joinRoom(page, { kind: "echo", room: "exact" });
  await choose(page, "JSON");
  await page.locator("#message").fill(EXACT);
  await page.getByRole("button", { name: "Format" }).click();
  expect(await page.locator("#message").inputValue()).toBe(LAID_OUT);
  await page.locator("#message").fill(EXACT);
  await page.locator("#send").click();
  await rows(page, EXACT, "received").click();
  expect(await page.locator("#content").innerText()).toBe(LAID_OUT);
});

test("PAGE-41: what turns text around is named in its place, and nothing is turned around", async () => {
  const page = await visit();
  await joinRoom(page, { kind: "echo", room: "turned" });
  await sendText(page, TURNED);
  const row = rows(page, "gnp.exe", "received");
  await row.click();
  expect(await row.locator(".unseen").allInnerTexts()).toEqual(["U+202E"]);
  expect(await row.locator(".preview").innerText()).toBe(TURNED.replace("\u202e", "U+202E"));
  expect(await page.locator("#content, #fields").locator(".unseen").allInnerTexts()).toEqual([
    "U+202E",
    "U+202E",
  ]);

  await page.getByRole("link", { name: "Channels" }).click();
  await waitForState(panel(page, "public:lobby"), /^subscribed$/);
  const shown = await subscribe(page, "public:turned");
  await publish(shown, TURNED);
  await expect.poll(() => publications(shown)).toEqual([TURNED.replace("\u202e", "U+202E")]);
  await part(shown, "rows").locator(".unseen").waitFor();
  expect(await shown.locator(".data").evaluate((data) => getComputedStyle(data).unicodeBidi)).toBe("isolate");
});
