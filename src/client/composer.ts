/** The form that sends: text, JSON, bytes in hexadecimal, or a file. */

import { byId, checkedRadio, onRadioChange, radios } from "./dom.ts";
import { formatHex, parseHex } from "./hex.ts";
import { findJsonProblem, prettyJson } from "./json-text.ts";
import type { MessageData } from "./message.ts";

type Mode = "text" | "json" | "hex" | "file";

/** What to send, or why it cannot be sent. */
type Composed = { readonly data: MessageData } | { readonly problem: string };

const HINTS: Readonly<Record<Mode, string>> = {
  text: "Enter sends, Shift Enter starts a new line.",
  json: "Checked before it is sent, as a text message. Ctrl Enter sends.",
  hex: "Sent as a binary message, such as de ad be ef. Ctrl Enter sends.",
  file: "Sent whole, as one binary message.",
};

const form = byId("composer", HTMLFormElement);
const message = byId("message", HTMLTextAreaElement);
const file = byId("file", HTMLInputElement);
const problem = byId("composer-problem", HTMLElement);
const formatButton = byId("format-json", HTMLButtonElement);

/** @param send returns false when there is no open connection. */
export function bindComposer(send: (data: MessageData) => boolean): void {
  onRadioChange("mode", showMode);
  message.addEventListener("input", () => showProblem(""));
  message.addEventListener("keydown", (event) => {
    const isShortcut = event.ctrlKey || event.metaKey;
    const sends = isShortcut || (mode() === "text" && !event.shiftKey);
    // Enter that ends the input of a composed character (Chinese, Japanese, Korean) does not send.
    if (event.key !== "Enter" || !sends || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  formatButton.addEventListener("click", formatJson);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void compose().then((composed) => {
      if ("problem" in composed) return showProblem(composed.problem);
      if (!send(composed.data)) return showProblem("Not connected.");
      showProblem("");
      if (mode() === "text") message.value = "";
    });
  });
  showMode();
}

/** Lets messages be sent, or not. */
export function enableSending(isEnabled: boolean): void {
  byId("send", HTMLButtonElement).disabled = !isEnabled;
}

/** Puts a message into the form, to be changed and sent again. */
export function composeAgain(data: MessageData): void {
  choose(typeof data === "string" ? "text" : "hex");
  message.value = typeof data === "string" ? data : formatHex(data);
  message.focus();
}

async function compose(): Promise<Composed> {
  switch (mode()) {
    case "text":
      return { data: message.value };
    case "json": {
      const problem = findJsonProblem(message.value);
      return problem === undefined ? { data: message.value } : { problem };
    }
    case "hex": {
      const bytes = parseHex(message.value);
      return "problem" in bytes ? bytes : { data: bytes };
    }
    case "file": {
      const [chosen] = file.files ?? [];
      return chosen ? readFile(chosen) : { problem: "No file is chosen." };
    }
  }
}

function readFile(chosen: File): Promise<Composed> {
  return chosen.arrayBuffer().then(
    (buffer) => ({ data: new Uint8Array(buffer) }),
    () => ({ problem: "The file cannot be read. Choose it again." }),
  );
}

function formatJson(): void {
  const problem = findJsonProblem(message.value);
  showProblem(problem ?? "");
  if (problem === undefined) message.value = prettyJson(message.value);
}

function mode(): Mode {
  return (checkedRadio("mode") ?? "text") as Mode;
}

function choose(wanted: Mode): void {
  for (const radio of radios("mode")) radio.checked = radio.value === wanted;
  showMode();
}

function showMode(): void {
  const current = mode();
  byId("message-field", HTMLElement).hidden = current === "file";
  byId("file-field", HTMLElement).hidden = current !== "file";
  formatButton.hidden = current !== "json";
  message.classList.toggle("mono", current !== "text");
  byId("composer-hint", HTMLElement).textContent = HINTS[current];
  showProblem("");
}

function showProblem(text: string): void {
  problem.textContent = text;
  byId("composer-hint", HTMLElement).hidden = text !== "";
  message.setAttribute("aria-invalid", String(text !== ""));
}
