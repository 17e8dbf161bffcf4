/** The form that chooses a room, connects and closes, and the words about the state of the connection. */

import type { GatewayFacts } from "../shared/gateway-facts.ts";
import { describeCloseCode, findCloseProblem } from "./close-codes.ts";
import type { CloseReport, Connection, ConnectionState, Target } from "./connection.ts";
import { describeConnection } from "./connection-words.ts";
import { byId, setText } from "./dom.ts";
import { isOnGateway, socketUrl } from "./gateway-base.ts";
import { gatewayFacts } from "./gateway-facts.ts";
import { bindKinds, chosenKind, markKind, showKinds } from "./kind-choice.ts";
import { ownGateway } from "./own-gateway.ts";
import { readPageAddress, withSocket } from "./page-address.ts";
import { readRoomUrl, readSubprotocols, roomUrl } from "./room-url.ts";

const COUNTDOWN_MS = 200;
const FACTS_MS = 1_000;
const FIRST_KIND = "hello";

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
  connectButton.disabled = false;
  bindKinds(showChosenRoom);
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

  const linked = readPageAddress(ownGateway, location.search);
  url.value = linked.url ?? roomUrl(ownGateway, { kind: FIRST_KIND, room: "" });
  subprotocol.value = linked.subprotocol;
  showRoomOfUrl();
  showCloseMeaning();
  const untouched = linked.url === undefined ? url.value : undefined;
  void gatewayFacts.then((facts) => {
    if (facts === undefined) return;
    if (url.value === untouched) offerKindThatIsThere(facts);
    showKinds(facts, readRoomUrl(ownGateway, url.value)?.kind);
  });
}

/** A gateway need not have the kind that the page begins with. */
function offerKindThatIsThere({ kinds }: GatewayFacts): void {
  const [first] = kinds;
  if (first === undefined || kinds.some(({ name }) => name === FIRST_KIND)) return;
  url.value = roomUrl(ownGateway, { kind: first.name, room: room.value });
  showRoomOfUrl();
}

/**
 * Connects when the page is opened, soon also where the gateway does not tell its kinds. A link may lead to this
 * gateway only: to others, a person connects.
 */
export async function connectAtFirst(connection: Connection): Promise<void> {
  const written = watchWriting();
  await Promise.race([gatewayFacts, new Promise((resolve) => setTimeout(resolve, FACTS_MS))]);
  if (connection.target.url !== "" || written()) return;
  if (isOnGateway(ownGateway, socketUrl(ownGateway, url.value))) connect(connection);
  else
    showConnectProblem(
      "This address comes with a link, and is not on this gateway. Connect if you trust it.",
    );
}

/** Tells whether a person has written an address since. */
function watchWriting(): () => boolean {
  let isWritten = false;
  const note = () => {
    isWritten = true;
  };
  url.addEventListener("input", note, { once: true });
  return () => isWritten;
}

/** Connects to what the form says. */
export function connect(connection: Connection): void {
  try {
    const target = { url: socketUrl(ownGateway, url.value), protocols: readSubprotocols(subprotocol.value) };
    showConnectProblem("");
    connection.connect(target);
    const query = withSocket(ownGateway, location.search, target.url, subprotocol.value);
    history.replaceState(null, "", `${location.pathname}${query}${location.hash}`);
  } catch (error) {
    showConnectProblem(error instanceof Error ? error.message : String(error));
  }
}

export function showConnectProblem(problem: string): void {
  setText(connectProblem, problem);
  connectProblem.hidden = problem === "";
}

/** @param isRefused whether the gateway has said that it does not accept the connection now. */
export function showState(state: ConnectionState, target: Target, isRefused: boolean): void {
  byId("status", HTMLElement).dataset.state = state.name;
  byId("status-text", HTMLElement).textContent = describeConnection(state, target, isRefused);
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

function showChosenRoom(): void {
  const kind = chosenKind() ?? readRoomUrl(ownGateway, url.value)?.kind;
  if (kind === undefined) return;
  url.value = roomUrl(ownGateway, { kind, room: room.value });
  showKind(kind);
}

function showRoomOfUrl(): void {
  const choice = readRoomUrl(ownGateway, url.value);
  if (choice) room.value = choice.room;
  showKind(choice?.kind);
}

function showKind(kind: string | undefined): void {
  room.placeholder = kind === "hello" ? "your own" : "lobby";
  markKind(kind);
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
