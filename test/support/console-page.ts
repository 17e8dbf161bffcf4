/** The console as a person uses it: what the browser tests do over and over. */

import type { Locator, Page } from "playwright-core";

export interface Room {
  readonly kind: "hello" | "echo" | "broadcast";
  readonly room: string;
  readonly subprotocol?: string;
}

/** Rows of the log that hold this text, in sight. */
export function rows(page: Page, text: string, direction?: "sent" | "received" | "note"): Locator {
  const scope = direction ? `.entry[data-direction=${direction}]` : ".entry";
  return page.locator(scope).filter({ hasText: text });
}

/** @param prefix the path that the gateway is below, such as `/realtime`. */
export async function joinRoom(
  page: Page,
  { kind, room, subprotocol = "" }: Room,
  prefix = "",
): Promise<void> {
  // The browser complains about a connection that is given up before it is open, as that of a new page may be.
  await waitForStatus(page, "open");
  await choose(page, kind);
  await page.getByLabel("Room name").fill(room);
  await page.getByLabel("Subprotocol").fill(subprotocol);
  await page.locator("#connect").click();
  await waitForStatus(page, `open · ${prefix}/rooms/${kind}/${room}`);
}

/** Picks one of the radio buttons that look like a bar: the label is what can be clicked. */
export async function choose(page: Page, label: string): Promise<void> {
  await page.locator(".segments label").filter({ hasText: label }).click();
}

export async function sendText(page: Page, text: string): Promise<void> {
  await choose(page, "Text");
  await page.getByLabel("Message", { exact: true }).first().fill(text);
  await page.locator("#send").click();
}

export async function waitForStatus(page: Page, text: string): Promise<void> {
  await page.getByRole("status").filter({ hasText: text }).first().waitFor();
}
