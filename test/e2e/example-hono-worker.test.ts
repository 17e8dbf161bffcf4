import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import { type Example, startExample } from "../support/example.ts";
import { snippetIn } from "../support/snippets.ts";

let example: Example;
let browser: Browser;

beforeAll(async () => {
  [example, browser] = await Promise.all([startExample("hono-worker"), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await example?.stop();
});

async function watch(order: number): Promise<Page> {
  const { page } = await openPage(browser, `${example.url}/?order=${order}`);
  await page.getByText("live", { exact: true }).waitFor();
  return page;
}

const step = (page: Page) => page.locator("[aria-current]").textContent();

test("EXAMPLE-06: who watches an order hears of each step from the application, and who comes later sees the last", async () => {
  const [guest, kitchen] = [await watch(1), await watch(1)];
  expect(await step(guest)).toBe("ordered");
  await kitchen.getByRole("button", { name: "in the oven" }).click();
  await expect.poll(() => step(guest)).toBe("in the oven");
  await expect.poll(async () => step(await watch(1))).toBe("in the oven");
  expect(await step(await watch(2))).toBe("ordered");
});

test("EXAMPLE-06: the application answers as before, and the gateway only below its path", async () => {
  const order = `${example.url}/orders/3`;
  expect((await fetch(order, { method: "PUT", body: "eaten" })).status).toBe(400);
  expect((await fetch(order, { method: "PUT", body: "delivered" })).status).toBe(200);
  expect(await (await fetch(order)).json()).toMatchObject({ status: "delivered" });
  expect((await fetch(`${example.url}/realtime/healthz`)).status).toBe(200);
  expect((await fetch(`${example.url}/healthz`)).status).toBe(404);
});

test("EXAMPLE-06: the lines of its README stand in its files", async () => {
  const folder = "examples/hono-worker";
  const readme = await readFile(`${folder}/README.md`, "utf8");
  expect(await readFile(`${folder}/worker.ts`, "utf8")).toContain(snippetIn(readme, "ts route"));
  expect(await readFile(`${folder}/app.ts`, "utf8")).toContain(snippetIn(readme, "ts publish"));
});
