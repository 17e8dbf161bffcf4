import { byId } from "../dom.ts";
import type { Notice } from "./notice-words.ts";

/** Shows a notice, or none. */
export function showNotice(notice: Notice | undefined): void {
  byId("overview-notice", HTMLElement).hidden = notice === undefined;
  if (notice === undefined) return;
  byId("notice-title", HTMLElement).textContent = notice.title;
  byId("notice-text", HTMLElement).textContent = notice.text;
  const lines = byId("notice-lines", HTMLElement);
  lines.hidden = notice.lines === "";
  lines.textContent = notice.lines;
}
