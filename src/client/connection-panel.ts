/** The form that chooses a room, connects and closes, and the words about the state of the connection. */

import { describeCloseCode, findCloseProblem } from "./close-codes.ts";
import type { CloseReport, Connection, ConnectionState, Target } from "./connection.ts";
import { describeConnection } from "./connection-words.ts";
import { byId, checkedRadio, onRadioChange, radios, setText } from "./dom.ts";
import { ROOM_KINDS, type RoomKind, readRoomUrl, readSubprotocols, roomUrl } from "./room-url.ts";

const KIND_HINTS: Readonly<Record<RoomKind, string>> = {
  hello: "Greets you, then again every 15 seconds, and answers everything with itself.",
  echo: "Answers every message with itself. Speaks the subprotocol “echo”.",
  broadcast: "Passes every message on to everyone else in the room.",
};
const COUNTDOWN_MS = 200;

const url = byId("url", HTMLInputElement);
const room = byId("room", HTMLInputElement);
const subprotocol = byId("subprotocol", HTMLInputElement);
const connectButton = byId("connect", HTMLButtonElement);
const connectProblem = byId("connect-problem", HTMLElement);
const closeButton = byId("close", HTMLButtonElement);
const closeCode = byId("close-code", HTMLInputElement);
const closeReason = byId("close-reason", HTMLInputElement);
const waiting = byId("waiting", HTMLElement);

/** Binds the forms to the connection. `closing` is told of a close frame that is about to be sent. */
export function bindConnectionPanel(
  connection: Connection,
  closing: (code: number | undefined, reason: string) => void,
): void {
  onRadioChange("kind", showChosenRoom);
  room.addEventListener("input", showChosenRoom);
  url.addEventListener("input", showRoomOfUrl);
  for (const input of [closeCode, closeReason]) input.addEventListener("input", showCloseMeaning);

  byId("connect-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    connect(connection);
  });
  byId("close-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    const { code, reason } = readCloseForm();
    if (connection.state.name !== "open" || findCloseProblem(code, reason) !== undefined) return;
    closing(code, reason);
    connection.close(code, reason);
  });
  const autoReconnect = byId("auto-reconnect", HTMLInputElement);
  autoReconnect.addEventListener("change", () => {
    connection.autoReconnect = autoReconnect.checked;
    if (!autoReconnect.checked) connection.stopWaiting();
  });
  connection.autoReconnect = autoReconnect.checked;
  byId("retry-now", HTMLButtonElement).addEventListener("click", () => connection.retryNow());
  byId("stop-waiting", HTMLButtonElement).addEventListener("click", () => connection.stopWaiting());
  setInterval(() => showCountdown(connection.state), COUNTDOWN_MS);

  showChosenRoom();
  showCloseMeaning();
}

/** Connects to what the form says. */
export function connect(connection: Connection): void {
  try {
    const target = { url: absoluteUrl(url.value), protocols: readSubprotocols(subprotocol.value) };
    showConnectProblem("");
    connection.connect(target);
  } catch (error) {
    showConnectProblem(error instanceof Error ? error.message : String(error));
  }
}

function absoluteUrl(text: string): string {
  return new URL(text.trim(), location.origin).href.replace(/^http/, "ws");
}

export function showConnectProblem(problem: string): void {
  setText(connectProblem, problem);
  connectProblem.hidden = problem === "";
}

export function showState(state: ConnectionState, target: Target): void {
  byId("status", HTMLElement).dataset.state = state.name;
  byId("status-text", HTMLElement).textContent = describeConnection(state, target);
  connectButton.textContent = state.name === "open" ? "Reconnect" : "Connect";
  closeButton.disabled = state.name !== "open";
  showCountdown(state);
  const isOpen = state.name === "open";
  byId("fact-protocol", HTMLElement).textContent = (isOpen && state.protocol) || "–";
  byId("fact-extensions", HTMLElement).textContent = (isOpen && state.extensions) || "–";
}

export function showClose({ code, reason, wasClean, wasOpen }: CloseReport): void {
  const { name, meaning } = describeCloseCode(code);
  byId("last-close", HTMLElement).hidden = false;
  byId("last-close-code", HTMLElement).textContent = String(code);
  byId("last-close-name", HTMLElement).textContent = name;
  byId("last-close-meaning", HTMLElement).textContent = wasOpen
    ? `${meaning} ${wasClean ? "The closing handshake was completed." : "There was no closing handshake."}`
    : "The connection could not be established.";
  setText(byId("last-close-reason", HTMLElement), reason === "" ? "No reason given." : `Reason: ${reason}`);
}

function showCountdown(state: ConnectionState): void {
  waiting.hidden = state.name !== "waiting";
  if (state.name !== "waiting") return;
  const seconds = Math.max(0, (state.until - Date.now()) / 1_000).toFixed(1);
  byId("waiting-text", HTMLElement).textContent = `Attempt ${state.attempt} in ${seconds} s`;
}

function chosenKind(): RoomKind | undefined {
  return ROOM_KINDS.find((kind) => kind === checkedRadio("kind"));
}

function showChosenRoom(): void {
  const kind = chosenKind();
  if (!kind) return;
  url.value = roomUrl(location.origin, { kind, room: room.value });
  room.placeholder = kind === "hello" ? "your own" : "lobby";
  byId("kind-hint", HTMLElement).textContent = KIND_HINTS[kind];
}

function showRoomOfUrl(): void {
  const choice = readRoomUrl(url.value);
  for (const radio of radios("kind")) radio.checked = radio.value === choice?.kind;
  if (choice) room.value = choice.room;
  byId("kind-hint", HTMLElement).textContent = choice ? KIND_HINTS[choice.kind] : "Any WebSocket server.";
}

function readCloseForm(): { code: number | undefined; reason: string } {
  const code = closeCode.value.trim();
  return { code: code === "" ? undefined : Number(code), reason: closeReason.value };
}

function showCloseMeaning(): void {
  const { code, reason } = readCloseForm();
  const problem = findCloseProblem(code, reason);
  const { name, meaning } = describeCloseCode(code ?? 1005);
  closeCode.setAttribute("aria-invalid", String(problem !== undefined));
  byId("close-hint", HTMLElement).textContent = problem ?? `${name}: ${meaning}`;
}
