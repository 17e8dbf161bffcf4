/** The overview as a person uses it. */

import type { Page } from "playwright-core";

export const KEY = "the key of an operator";

/** Signs in, and returns when the page knows what the key may do. */
export async function signIn(page: Page, key = KEY): Promise<void> {
  await page.getByLabel("API key").fill(key);
  await page.getByLabel("API key").press("Enter");
  await page.getByRole("button", { name: "Sign out" }).waitFor();
}

/** Titles of the parts that are in sight. */
export function parts(page: Page): Promise<string[]> {
  return page
    .locator("#overview section:visible > h2, #overview section:visible > .card-head h2")
    .allInnerTexts();
}
