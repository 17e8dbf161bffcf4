import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { useOverview } from "../support/overview-suite.ts";

const { enter, standIn, expectProblems } = useOverview();

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent);

test("PAGE-57: the connections of a user are looked up", async () => {
  standIn().api.answer("user_connections", ({ params }) => ({
    result: {
      connections: [
        {
          client: "b6f1",
          hub: "edge/weur/0",
          transport: "websocket",
          protocol: "json",
          connected_at: Date.now() - 120_500,
          num_subscriptions: 12,
          channels: [`personal:${String(params.user)}`, "news"],
        },
      ],
      more: 3,
      unanswered: 1,
    },
  }));
  const page = await enter();
  await page.getByLabel("User id").first().fill("42");
  await page.getByLabel("User id").first().press("Enter");
  await page
    .locator("#user-outcome")
    .filter({ hasText: "4 connections, 3 are not listed, 1 hub did not answer." })
    .waitFor();
  const found = page.locator("#user-connections li");
  expect(await found.innerText()).toContain("websocket, json at edge/weur/0, for 2 min");
  expect(await found.innerText()).toContain("personal:42, news and 10 others");
  await found.getByRole("button", { name: "Disconnect …" }).click();
  expect(await page.locator("#action-client").inputValue()).toBe("b6f1");
  await page.keyboard.press("Escape");
  await found.getByRole("button", { name: "Trace" }).click();
  await expect.poll(() => standIn().api.asked.at(-1)?.method).toBe("trace");
  expect(standIn().api.asked.at(-1)?.params).toMatchObject({ client: "b6f1", hub: "edge/weur/0" });
  await page.getByLabel("User id").first().fill("43");
  expect(await found.count()).toBe(0);
});

test("PAGE-57: a look-up that fails says why", async () => {
  standIn().api.answer("user_connections", { error: { code: 108, message: "not available" } });
  const page = await enter();
  await page.getByRole("button", { name: "Look up" }).click();
  await page.locator("#user-problem").filter({ hasText: "Name a user first." }).waitFor();
  await page.getByLabel("User id").first().fill("42");
  await page.getByRole("button", { name: "Look up" }).click();
  await page
    .locator("#user-problem")
    .filter({ hasText: "Could not look the user up: user commands are off." })
    .waitFor();
});

test("PAGE-58: data is published with the digits that were typed, after what is wrong is told", async () => {
  standIn().api.answer("publish", { result: { offset: 7, epoch: "e" } });
  const page = await enter();
  await page.getByLabel("Name", { exact: true }).fill("chat:1");
  await page.getByRole("button", { name: "Publish …" }).click();
  const dialog = page.getByRole("dialog", { name: "Publish to a channel" });
  await dialog.getByText("Everybody who is subscribed gets it").waitFor();
  expect(await focused(page)).toBe("action-data");
  await dialog.getByRole("button", { name: "Publish" }).click();
  await dialog.getByRole("alert").filter({ hasText: "Data (JSON) is missing." }).waitFor();
  await dialog.getByLabel("Data (JSON)").fill("{oops");
  await dialog.getByRole("button", { name: "Publish" }).click();
  await dialog.getByRole("alert").filter({ hasText: "Not JSON: " }).waitFor();
  expect(await dialog.getByLabel("Data (JSON)").getAttribute("aria-invalid")).toBe("true");
  expect(standIn().api.asked.some(({ method }) => method === "publish")).toBe(false);
  await dialog.getByLabel("Data (JSON)").fill('{"n":9007199254740993,"x":1.10}');
  await dialog.getByRole("button", { name: "Publish" }).click();
  await dialog.getByRole("status").filter({ hasText: "Published as number 7 of its stream." }).waitFor();
  expect(standIn().api.asked.at(-1)).toMatchObject({
    method: "publish",
    body: '{"channel":"chat:1","data":{"n":9007199254740993,"x":1.10}}',
    token: "Bearer a token",
  });
  expect(await focused(page)).toBe("action-cancel");
  await page.keyboard.press("Enter");
  expect(await dialog.isVisible()).toBe(false);
  expect(await focused(page)).toBe("Publish …");
});

test.each([
  ["Disconnect", "Disconnect a user", "disconnect", { user: "42" }],
  ["Unsubscribe", "Unsubscribe a user", "unsubscribe", { user: "42" }],
  ["Unblock", "Unblock a user", "unblock_user", { user: "42" }],
])("PAGE-58: %s is confirmed, by keyboard alone", async (button, title, method, params) => {
  const page = await enter();
  await page.locator("#hubs-rows").focus();
  await page.keyboard.press("u");
  await page.keyboard.type("42");
  await page.getByRole("button", { name: `${button} …` }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: title });
  await dialog.waitFor();
  expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  expect(standIn().api.asked.some((asked) => asked.method === method)).toBe(false);
  await dialog.getByRole("button", { name: button }).focus();
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "Done" }).waitFor();
  expect(standIn().api.asked.at(-1)).toMatchObject({ method, params });
  await page.keyboard.press("Escape");
  expect(await focused(page)).toBe(`${button} …`);
});

test("PAGE-58: a user is blocked until a time that is told in seconds", async () => {
  const page = await enter({ timezoneId: "Asia/Tokyo" });
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel("User id").first().fill("42");
  await page.getByRole("button", { name: "Block …", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Block a user" });
  await dialog.getByLabel("Until").fill("2020-01-01T09:00");
  await dialog.getByRole("button", { name: "Block" }).click();
  await dialog.getByRole("alert").filter({ hasText: "Until is over already." }).waitFor();
  await dialog.getByLabel("Until").fill(`${tomorrow}T09:00`);
  await dialog.getByRole("button", { name: "Block" }).click();
  await dialog.getByRole("status").filter({ hasText: "Blocked." }).waitFor();
  expect(standIn().api.asked.at(-1)?.body).toBe(
    `{"user":"42","until":${Date.parse(`${tomorrow}T00:00Z`) / 1_000}}`,
  );
});

test("PAGE-58: why an action failed is told, and it can be tried again", async () => {
  expectProblems(/status of 429/);
  standIn().api.answer("disconnect", { error: { code: 100, message: "internal server error" } });
  const page = await enter();
  await page.getByLabel("User id").first().fill("42");
  await page.getByRole("button", { name: "Disconnect …" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Disconnect a user" });
  const confirm = dialog.getByRole("button", { name: "Disconnect" });
  await confirm.click();
  await dialog
    .getByRole("alert")
    .filter({ hasText: "Could not disconnect a user: 100 internal server error. The gateway failed." })
    .waitFor();
  standIn().api.answer("disconnect", { status: 429, text: "too many" });
  await confirm.click();
  await dialog.getByRole("alert").filter({ hasText: "too many requests with this key" }).waitFor();
  standIn().api.answer("disconnect", { result: {} });
  await confirm.click();
  await dialog.getByRole("status").filter({ hasText: "Disconnected." }).waitFor();
});
