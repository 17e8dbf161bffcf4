/** The view of channels as a person uses it. */

import type { Locator, Page } from "playwright-core";

/** The panel of a subscription. */
export function panel(page: Page, channel: string): Locator {
  return page.getByRole("region", { name: channel, exact: true });
}

export function part(panelOfChannel: Locator, name: string): Locator {
  return panelOfChannel.locator(`[data-part=${name}]`);
}

/** Subscribes with the form, and returns the panel when the subscription is there. */
export async function subscribe(page: Page, channel: string): Promise<Locator> {
  await page.getByLabel("Channel", { exact: true }).fill(channel);
  await page.getByRole("button", { name: "Subscribe", exact: true }).first().click();
  const added = panel(page, channel);
  await waitForState(added, /^subscribed$/);
  return added;
}

export async function waitForState(panelOfChannel: Locator, state: RegExp): Promise<void> {
  await part(panelOfChannel, "state").filter({ hasText: state }).waitFor();
}

export async function publish(panelOfChannel: Locator, json: string): Promise<void> {
  await panelOfChannel.getByLabel("JSON to publish").fill(json);
  await panelOfChannel.getByRole("button", { name: "Publish" }).click();
}

/** The data of the publications on a panel, oldest first, those that were recovered with an `r` before them. */
export function publications(panelOfChannel: Locator): Promise<string[]> {
  return panelOfChannel.locator(".publication").evaluateAll((items) =>
    items.map((item) => {
      const mark = item.getAttribute("data-arrival") === "recovered" ? "r " : "";
      return mark + item.querySelector(".data")?.textContent;
    }),
  );
}

/** Rows of frames, in sight, whose first line is of this kind. */
export function frames(page: Page, direction: "sent" | "received", kind: string): Locator {
  const isOfKind = `:is([data-label="${kind}"], [data-label^="${kind} "])`;
  return page.locator(`#frames-log-rows .entry[data-direction=${direction}]${isOfKind}`);
}

export async function waitForSession(page: Page, words: RegExp): Promise<void> {
  await page.locator("#channels-status").filter({ hasText: words }).waitFor();
}
