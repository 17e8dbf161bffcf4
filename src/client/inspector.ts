/** The panel that takes one message apart: its frame, its price as HTTP, its content. */

import { byId, copyFrom, setText } from "./dom.ts";
import { bindFrameView, showFrame } from "./frame-view.ts";
import { formatHex } from "./hex.ts";
import { showHttpCost } from "./http-cost-view.ts";
import { findJsonProblem, prettyJson } from "./json-text.ts";
import { describeNote, describeOrigin, type Entry, type MessageData } from "./message.ts";
import { frameOverhead, rebuildFrame } from "./rebuilt-frame.ts";

const CONTENT_CHARACTERS = 20_000;
const CONTENT_BYTES = 4_096;

const body = byId("inspector-body", HTMLElement);
const newKeyButton = byId("new-key", HTMLButtonElement);
const copyButton = byId("copy-message", HTMLButtonElement);
const content = byId("content", HTMLElement);

/**
 * Returns the function that shows an entry, or nothing.
 *
 * @param reuse puts a message into the form that sends.
 */
export function bindInspector(reuse: (data: MessageData) => void): (entry: Entry | undefined) => void {
  const empty = byId("inspector-empty", HTMLElement);
  const invitation = empty.textContent;
  let shown: Entry | undefined;

  function show(entry: Entry | undefined): void {
    if (entry === shown) return;
    shown = entry;
    const frame = entry && showEntryFrame(entry);
    body.hidden = !frame;
    empty.hidden = frame !== undefined;
    setText(empty, entry ? describeNote(entry) : invitation);
    byId("inspector-which", HTMLElement).textContent = entry ? describeOrigin(entry) : "";
    if (!entry || !frame) return;
    byId("honesty", HTMLElement).textContent = describeHonestly(entry);
    setText(content, writeOut(entry.data));
    newKeyButton.hidden = entry.direction !== "sent";
    byId("reuse", HTMLButtonElement).hidden = entry.type === "close";
    showHttpCost(entry, frameOverhead(frame, entry));
  }

  // It scrolls, and the keyboard must reach what scrolls.
  content.tabIndex = 0;
  bindFrameView();
  newKeyButton.addEventListener("click", () => shown && showEntryFrame(shown));
  copyButton.addEventListener("click", () => {
    if (shown) void copyFrom(copyButton, typeof shown.data === "string" ? shown.data : formatHex(shown.data));
  });
  byId("reuse", HTMLButtonElement).addEventListener("click", () => shown && reuse(shown.data));
  return show;
}

function showEntryFrame(entry: Entry): Uint8Array | undefined {
  const frame = rebuildFrame(entry, crypto.getRandomValues(new Uint8Array(4)));
  if (frame) showFrame(frame);
  return frame;
}

function describeHonestly({ direction, type, route }: Entry): string {
  const key =
    direction === "sent" ? " The masking key is a random example: only the browser knew the real one." : "";
  const deflate = route.extensions.includes("permessage-deflate") && type !== "close";
  const compression = deflate
    ? " This connection agreed on permessage-deflate, so the payload may have been compressed (RSV1 set); it is shown before that."
    : "";
  return `Browsers hide frames: this one is built again from the message, as one unfragmented frame.${key}${compression}`;
}

function writeOut(data: MessageData): string {
  if (typeof data === "string") return shorten(layOut(data), CONTENT_CHARACTERS);
  const hex = formatHex(data.subarray(0, CONTENT_BYTES));
  return data.length > CONTENT_BYTES ? `${hex} …` : hex;
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)} …` : text;
}

function layOut(text: string): string {
  const isJson =
    /^\s*[[{]/.test(text) && text.length <= CONTENT_CHARACTERS && findJsonProblem(text) === undefined;
  return isJson ? prettyJson(text) : text;
}
