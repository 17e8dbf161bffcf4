import { expect, test } from "vitest";
import { hubsOf, snapshotOf } from "../support/made-up-overview.ts";
import { KEY, parts, signIn } from "../support/overview-page.ts";
import { tokenFor } from "../support/overview-stand-in.ts";
import { useOverview } from "../support/overview-suite.ts";

const { visit, enter, standIn, expectProblems } = useOverview();
const RENEWED_AT_ONCE = 30;

test("PAGE-53: a key is exchanged for a token by POST, and neither is in an address or kept", async () => {
  const page = await enter();
  await page.locator(".hub-row").first().waitFor();
  const [exchange, ...others] = standIn().api.asked;
  expect(exchange).toMatchObject({ method: "operator_token", key: KEY, body: "{}" });
  expect(others.map(({ method, key, token }) => [method, key, token])).toEqual([
    ["overview_channels", undefined, "Bearer a token"],
  ]);
  const addresses = await page.evaluate(() => [
    location.href,
    ...performance.getEntriesByType("resource").map(({ name }) => name),
  ]);
  expect(addresses.filter((address) => /key|token(?!$)/.test(address))).toEqual([]);
  expect(await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length])).toEqual([
    "",
    0,
    0,
  ]);
  expect(await page.locator("#operator-key").inputValue()).toBe("");
  expect(await page.context().storageState()).toEqual({ cookies: [], origins: [] });
});

test("PAGE-53: a token is renewed before it ends, and signing out forgets the key", async () => {
  standIn().api.answer("operator_token", tokenFor(["observe"], RENEWED_AT_ONCE));
  const page = await enter();
  await page.locator("#channel-search").fill("chat:");
  const exchanges = () => standIn().api.asked.filter(({ method }) => method === "operator_token");
  await expect.poll(() => exchanges().length).toBeGreaterThan(1);
  expect(exchanges().every(({ key }) => key === KEY)).toBe(true);
  await page.getByRole("button", { name: "Sign out" }).click();
  expect(await parts(page)).toEqual(["Operator", "See the whole gateway"]);
  await page.locator("#overview-status").filter({ hasText: "signed out" }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("operator-key");
  await page.reload();
  await page.locator("#sign-in:enabled").waitFor();
  expect(await parts(page)).toEqual(["Operator", "See the whole gateway"]);
});

test.each([
  [
    ["observe"],
    [
      "Load",
      "Errors and closes",
      "Refusals",
      "Recoveries",
      "Rooms",
      "Hubs",
      "Channels",
      "One hub",
      "One user",
    ],
  ],
  [["operate"], ["This key may not look", "One channel", "One user"]],
  [["trace"], ["This key may not look", "One channel", "One user", "Trace"]],
])("PAGE-54: with %j, the parts are %j", async (rights, expected) => {
  standIn().api.answer("operator_token", tokenFor(rights));
  const page = await enter();
  await page.locator("#overview section:visible").nth(expected.length).waitFor();
  expect(await parts(page)).toEqual(["Operator", ...expected]);
  const buttons = await page.locator(".details button:visible").allInnerTexts();
  expect(buttons.includes("Look up")).toBe(rights.includes("observe"));
  expect(buttons.includes("Disconnect …")).toBe(rights.includes("operate"));
  expect(buttons.includes("Start")).toBe(rights.includes("trace"));
});

test.each([
  [{ status: 401, text: "unauthorized" }, /does not know this key/],
  [
    { status: 429, text: "too many requests with this key" },
    /too many requests with this key\. Wait a minute/,
  ],
  [{ error: { code: 103, message: "permission denied" } }, /This key has no right/],
])("PAGE-54: %j is told in words", async (answer, words) => {
  expectProblems(/status of 4\d\d/);
  standIn().api.answer("operator_token", answer);
  const page = await visit();
  await page.getByLabel("API key").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator("#operator-problem").filter({ hasText: words }).waitFor();
  expect(await page.getByLabel("API key").inputValue()).toBe("wrong");
  standIn().api.answer("operator_token", tokenFor(["observe"]));
  await signIn(page);
  expect(await page.locator("#operator-problem").isVisible()).toBe(false);
});

test("PAGE-54: a key that ends meanwhile signs out, and says why", async () => {
  expectProblems(/status of 401/);
  standIn().api.answer("operator_token", tokenFor(["operate"], RENEWED_AT_ONCE));
  const page = await enter();
  standIn().api.answer("operator_token", { status: 401, text: "unauthorized" });
  await page.locator("#user").fill("42");
  await page.getByRole("button", { name: "Unblock …" }).click();
  await page.getByRole("button", { name: "Unblock", exact: true }).click();
  await page.locator("#operator-problem").filter({ hasText: "does not know this key" }).waitFor();
  expect(await parts(page)).toEqual(["Operator", "See the whole gateway"]);
  expect(await page.locator("#action").isVisible()).toBe(false);
});

test("PAGE-55: what is pushed is shown, and nothing is asked for", async () => {
  const page = await enter();
  const status = page.locator("#overview-status");
  await status.filter({ hasText: /^live · 200 hubs$/ }).waitFor();
  const row = page.locator(".hub-row").filter({ hasText: "home/chat:1late" });
  await row.filter({ hasText: "7,960" }).click();
  const facts = page.locator("#hub-facts");
  await facts.getByText("message 4,001, alarm 900, call 120, connect 60, close 40").waitFor();
  const before = standIn().api.asked.length;
  const at = Date.now();
  const [first, second] = hubsOf(2, at);
  if (!first || !second) throw new Error("no hubs");
  const { totals, rooms } = snapshotOf(hubsOf(199), at);
  const changed = { ...second, sockets: 9_000_000, state: "ok" as const };
  standIn().push({
    kind: "changes",
    at,
    totals: { ...totals, errors: { 103: 415 } },
    rooms,
    moreHubs: 0,
    hubs: [changed],
    gone: [first.hub],
  });
  await status.filter({ hasText: /^live · 199 hubs$/ }).waitFor();
  await facts.getByText("9,000,000").waitFor();
  await page.locator(".hub-row[aria-selected=true]").filter({ hasText: "9,000,000" }).waitFor();
  expect(await page.locator(".hub-row").first().innerText()).toMatch(/^home\/chat:1\n/);
  await page.locator("#errors").getByText("415 · +3").waitFor();
  await page.locator("#refusals").getByText("this origin may not connect").waitFor();
  await page.locator("#recoveries").getByText("51,877").waitFor();
  await page.locator("#room-kinds").getByText("woken by message 41,000").waitFor();
  expect(await page.locator("#load-charts svg[role=img]").count()).toBe(4);
  expect(standIn().api.asked.length).toBe(before);
});

test("PAGE-55: with the directory off, the view says what to turn on", async () => {
  standIn().refuse({ code: 108, message: "not available" });
  const page = await enter();
  await page.getByRole("heading", { name: "The directory is off" }).waitFor();
  expect(await page.locator("#notice-lines").innerText()).toBe("operations: { directory: true }");
});

test("PAGE-55: hubs are filtered and put in order", async () => {
  const page = await enter();
  await page.getByLabel("Order of hubs").selectOption("name");
  await page.getByLabel("Filter hubs").fill("EDGE/weur/19");
  await page
    .locator("#hubs-count")
    .filter({ hasText: /^3 of 200 hubs$/ })
    .waitFor();
  expect(await page.locator(".hub-row .name").allInnerTexts()).toEqual([
    "edge/weur/192",
    "edge/weur/195",
    "edge/weur/198",
  ]);
  await page.getByLabel("Filter hubs").fill("no such hub");
  await page.locator("#hubs-empty").filter({ hasText: "Nothing matches the filter." }).waitFor();
});

test("PAGE-44: the hub and the search come back by a link, and the key does not", async () => {
  const page = await enter();
  await page.locator(".hub-row").nth(2).click();
  await page.getByLabel("Search channels").fill("chat: a");
  await expect
    .poll(() => new URL(page.url()).search + new URL(page.url()).hash)
    .toBe("?hub=home%2Fchat:2&search=chat:+a#overview");
  await page.reload();
  await page.locator("#sign-in:enabled").waitFor();
  await signIn(page);
  await page.locator("#hub-facts").getByText("home/chat:2", { exact: true }).waitFor();
  await page.locator(".hub-row[aria-selected=true]").waitFor();
  expect(await page.getByLabel("Search channels").inputValue()).toBe("chat: a");
  expect(standIn().api.asked.at(-1)?.params).toMatchObject({ search: "chat: a", offset: 0 });
});
