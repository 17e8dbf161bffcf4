import { expect, test } from "vitest";
import {
  panel,
  publications,
  publish,
  subscribe,
  waitForSession,
  waitForState,
} from "../support/channels-page.ts";
import { joinRoom, rows, sendText, waitForStatus } from "../support/console-page.ts";
import { useConsole } from "../support/console-suite.ts";

const PREFIX = "/realtime";
/** Its application answers whatever the page asks for elsewhere with a text, which is none of the page's files. */
const { visit, expectProblems, url } = useConsole({ configPath: "test/gateway/mounted/wrangler.toml" });

test("PAGE-49: below a prefix, the view of sockets has its files, its kinds and its rooms there", async () => {
  const page = await visit({}, `${PREFIX}/`);
  await waitForStatus(page, `open · ${PREFIX}/ws`);
  await rows(page, "Hello from server").waitFor();
  await page.getByRole("radio", { name: "broadcast" }).waitFor({ state: "attached" });
  await page.locator(".brand img").evaluate((image: HTMLImageElement) => image.decode());
  await joinRoom(page, { kind: "echo", room: "below", subprotocol: "echo" }, PREFIX);
  await sendText(page, "below");
  await rows(page, "below", "received").waitFor();
  expect(page.url()).toBe(`${url()}${PREFIX}/?kind=echo&room=below&subprotocol=echo`);
  await page.reload();
  await waitForStatus(page, `open · ${PREFIX}/rooms/echo/below`);
  await page.getByRole("link", { name: "Poorwill" }).click();
  await waitForStatus(page, `open · ${PREFIX}/ws`);
  expect(page.url()).toBe(`${url()}${PREFIX}/`);
});

test("PAGE-49: below a prefix, the view of channels connects and subscribes there", async () => {
  const page = await visit({}, `${PREFIX}/#channels`);
  await waitForState(panel(page, "public:lobby"), /^subscribed$/);
  expect(await page.getByLabel("Endpoint").inputValue()).toBe(`${url("ws")}${PREFIX}/connection/websocket`);
  const below = await subscribe(page, "public:below");
  await publish(below, "1");
  await expect.poll(() => publications(below)).toEqual(["1"]);
  await page.reload();
  await waitForSession(page, /^connected · 2 channels$/);
});

test("PAGE-49: a link to the same host beside the prefix fills in the form, and does not connect", async () => {
  const page = await visit({}, `${PREFIX}/?url=/ws`);
  await page.locator("#connect-problem").filter({ hasText: "is not on this gateway" }).waitFor();
  await waitForStatus(page, "not connected");
});

test("PAGE-49: below a prefix, the page asks there why it was refused", async () => {
  expectProblems(/WebSocket connection to .* failed|status of 404/);
  const page = await visit({}, `${PREFIX}/`);
  await waitForStatus(page, "open");
  await page.getByLabel("URL").fill("rooms/nonsense/x");
  await page.getByLabel("URL").press("Enter");
  await page.locator("#connect-problem").filter({ hasText: "Refused: 404: there is no room kind" }).waitFor();
});
