import { expect, test } from "vitest";
import type { TraceLine } from "../../src/trace/messages.ts";
import { useOverview } from "../support/overview-suite.ts";

const { enter, standIn, expectProblems } = useOverview();

const START: TraceLine = {
  line: "start",
  target: { channel: "chat:1" },
  payloads: true,
  until: Date.now() + 60_000,
  rate: 100,
  hubs: ["home/chat:1"],
};
const PUBLISHED = `{"line":"event","at":${Date.now()},"event":"publish","hub":"home/chat:1","client":"b6f1","user":"42","channel":"chat:1","id":3,"data":9007199254740993}`;
const REFUSED: TraceLine = {
  line: "event",
  at: Date.now(),
  event: "error",
  hub: "home/chat:1",
  client: "b6f1",
  channel: "chat:1",
  id: 4,
  code: 103,
};
const END: TraceLine = { line: "end", why: "time", events: 2 };

/** Lines as a trace has them. */
const linesOf = (...lines: (TraceLine | string)[]) =>
  lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("");

test("PAGE-59: what is traced is listed as it comes, and shown whole when it is picked", async () => {
  standIn().api.answer("trace", linesOf(START, PUBLISHED, REFUSED));
  const page = await enter();
  await page.locator("#trace-payloads").check();
  await page.getByLabel("Name", { exact: true }).fill("chat:1");
  await page.locator("#trace-channel").click();
  await page.locator("#trace-state").filter({ hasText: "Tracing channel chat:1 at 1 hub until" }).waitFor();
  expect(standIn().api.asked.at(-1)).toMatchObject({
    method: "trace",
    params: { channel: "chat:1", payloads: true, seconds: 60 },
    token: "Bearer a token",
  });
  const rows = page.locator("#trace-log-rows .entry");
  await rows.filter({ hasText: "chat:1 · 103 permission denied · id 4 · client b6f1" }).waitFor();
  await rows.filter({ hasText: "chat:1 · id 3 · client b6f1 · user 42" }).click();
  expect(await page.locator("#trace-event").innerText()).toContain('"data": 9007199254740993');
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.locator("#trace-state").filter({ hasText: "Stopped." }).waitFor();
  await expect.poll(() => standIn().api.openStreams).toBe(0);
  expect(await page.getByRole("button", { name: "Start", exact: true }).isEnabled()).toBe(true);
});

test("PAGE-59: payloads are not asked for unless somebody wants them, and the form says what is followed", async () => {
  standIn().api.answer("trace", linesOf({ ...START, target: { user: "42" } }));
  const page = await enter();
  await page.getByLabel("User id").first().fill("42");
  await page.locator("#trace-user").click();
  await page.locator("#trace-state").filter({ hasText: "Tracing user 42" }).waitFor();
  expect(standIn().api.asked.at(-1)?.params).toEqual({ user: "42", payloads: false, seconds: 60 });
  expect(await page.locator("#trace-by").inputValue()).toBe("user");
  expect(await page.locator("#trace-name").inputValue()).toBe("42");
});

test("PAGE-59: why a trace has ended is told, also where it was cut off", async () => {
  const page = await enter();
  await page.getByLabel("Name or id").fill("chat:1");
  const start = page.getByRole("button", { name: /^Start/ });
  standIn().api.answer("trace", { stream: linesOf(START, END) });
  await start.click();
  await page.locator("#trace-state").filter({ hasText: "The trace has ended: its time was over." }).waitFor();
  standIn().api.answer("trace", { stream: linesOf(START) });
  await start.click();
  await page.locator("#trace-state").filter({ hasText: "The trace was cut off" }).waitFor();
});

test("PAGE-59: a trace that is refused says why", async () => {
  expectProblems(/status of 429/);
  const page = await enter();
  await page.getByLabel("Name or id").fill("chat:1");
  const start = page.getByRole("button", { name: /^Start/ });
  const problem = page.locator("#trace-problem");
  standIn().api.answer("trace", { error: { code: 103, message: "permission denied" } });
  await start.click();
  await problem
    .filter({ hasText: "Could not trace: 103 permission denied. This key may not do it." })
    .waitFor();
  standIn().api.answer("trace", { status: 429, text: "too many" });
  await start.click();
  await problem.filter({ hasText: "Could not trace: too many requests with this key." }).waitFor();
  standIn().api.answer("trace", { stream: "<html>" });
  await start.click();
  await problem.filter({ hasText: "Could not trace: the answer is no trace" }).waitFor();
});

test("PAGE-59: a trace takes no longer than it may", async () => {
  const page = await enter();
  await page.getByLabel("Name or id").fill("chat:1");
  await page.getByLabel("Seconds").fill("601");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  expect(await page.locator("#trace-seconds:invalid").count()).toBe(1);
  expect(standIn().api.asked.some(({ method }) => method === "trace")).toBe(false);
});

test("PAGE-59: signing out ends the trace", async () => {
  standIn().api.answer("trace", linesOf(START));
  const page = await enter();
  await page.getByLabel("Name or id").fill("chat:1");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.locator("#trace-log-rows .entry").first().waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect.poll(() => standIn().api.openStreams).toBe(0);
});
