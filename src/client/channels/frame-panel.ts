/** The frames that cross the wire, and what each line of the picked one says. */

import { byId, copyFrom, create, setText, visible } from "../dom.ts";
import { findJsonProblem, prettyJson } from "../json-text.ts";
import { LogView } from "../log-view.ts";
import { describeNote, describeOrigin, type Entry } from "../message.ts";
import { MessageLog } from "../message-log.ts";
import { explainLine, type FrameLine, isHeartbeat, labelOf, linesOf, readLine } from "./protocol-frame.ts";

const PRETTY_CHARACTERS = 20_000;
/** Lines of a frame that are laid out: it can have thousands. */
const LINES_SHOWN = 100;

const log = new MessageLog();
const hidePings = byId("hide-pings", HTMLInputElement);
const copyButton = byId("frames-copy-frame", HTMLButtonElement);
const empty = byId("frame-empty", HTMLElement);
const invitation = empty.textContent;
let picked: Entry | undefined;

const view = new LogView(log, showFrame, {
  prefix: "frames-",
  isHidden: ({ label }) => hidePings.checked && isHeartbeat(label),
});

hidePings.addEventListener("change", () => view.filterAgain());
copyButton.addEventListener("click", () => {
  if (picked) void copyFrom(copyButton, String(picked.data));
});

export function togglePause(): void {
  view.togglePause();
}

/** Adds a frame to the log. */
export function addFrame(direction: "sent" | "received", frame: string, url: string): void {
  log.add({
    time: Date.now(),
    direction,
    type: "text",
    label: labelOf(direction, frame),
    data: frame,
    route: { url, extensions: "" },
  });
  view.update();
}

export function addNote(type: "open" | "close" | "error", text: string): void {
  log.add({ time: Date.now(), direction: "note", type, data: text, route: { url: "", extensions: "" } });
  view.update();
}

function showFrame(entry: Entry | undefined): void {
  if (entry === picked) return;
  picked = entry;
  const { direction = "note", data = "" } = entry ?? {};
  const isFrame = direction !== "note";
  empty.hidden = isFrame;
  setText(empty, entry ? describeNote(entry) : invitation);
  byId("frame-which", HTMLElement).textContent = entry ? describeOrigin(entry) : "";
  byId("frame-body", HTMLElement).hidden = !isFrame;
  if (!entry || !isFrame) return;
  const lines = linesOf(String(data));
  const shown = lines.slice(0, LINES_SHOWN).map((line) => createLine(direction, readLine(direction, line)));
  byId("frame-lines", HTMLElement).replaceChildren(...shown);
  const more = byId("lines-more", HTMLElement);
  more.hidden = lines.length <= LINES_SHOWN;
  more.textContent = `and ${(lines.length - LINES_SHOWN).toLocaleString("en")} lines more`;
}

function createLine(direction: "sent" | "received", line: FrameLine): HTMLElement {
  const head = create("p", "line-head", create("strong", "mono", ...visible(line.kind)));
  if (line.id !== undefined) head.append(create("span", "mono", `id ${line.id}`));
  if (line.channel !== undefined) head.append(create("span", "mono", ...visible(line.channel)));
  const explanation = create("p", "hint", explainLine(direction, line));
  return create("li", "", head, explanation, create("pre", "", ...visible(layOut(line.text))));
}

function layOut(text: string): string {
  if (text.length > PRETTY_CHARACTERS) return `${text.slice(0, PRETTY_CHARACTERS)} …`;
  return findJsonProblem(text) === undefined ? prettyJson(text) : text;
}
