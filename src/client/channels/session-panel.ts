/** The form that connects, and the words about the state of the session. */

import { byId, setText } from "../dom.ts";
import { socketUrl } from "../gateway-base.ts";
import { ownGateway } from "../own-gateway.ts";
import { channelsUrl, describeToken } from "./endpoint.ts";
import type { ChannelSession, SessionState } from "./session.ts";

const url = byId("endpoint", HTMLInputElement);
const token = byId("token", HTMLTextAreaElement);
const problem = byId("channels-problem", HTMLElement);
const connectButton = byId("channels-connect", HTMLButtonElement);
const disconnectButton = byId("channels-disconnect", HTMLButtonElement);

export function bindSessionPanel(session: ChannelSession): void {
  const showToken = () => {
    setText(byId("token-hint", HTMLElement), describeToken(token.value.trim(), Date.now()));
  };
  token.addEventListener("input", showToken);
  byId("channels-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    connect(session);
  });
  connectButton.disabled = false;
  disconnectButton.addEventListener("click", () => session.disconnect());
  showToken();
}

/** Connects to this gateway, unless somebody has begun to write another address while the view was loaded. */
export function connectAtFirst(session: ChannelSession): void {
  if (url.value !== "") return;
  url.value = channelsUrl(ownGateway);
  connect(session);
}

/** Connects to what the form says. */
export function connect(session: ChannelSession): void {
  showProblem("");
  try {
    const address = socketUrl(ownGateway, url.value);
    if (session.state.name !== "disconnected") session.disconnect();
    session.connect({ url: address, token: token.value.trim() });
  } catch (error) {
    showProblem(error instanceof Error ? error.message : String(error));
  }
}

export function showProblem(text: string): void {
  setText(problem, text);
  problem.hidden = text === "";
}

/** @param words what the header says. */
export function showStatus({ name }: SessionState, words: string): void {
  const status = byId("channels-status", HTMLElement);
  status.dataset.state = { disconnected: "closed", connecting: "connecting", connected: "open" }[name];
  setText(byId("channels-status-text", HTMLElement), words);
}

/**
 * @param words what the header says.
 * @param trouble what went wrong, if anything.
 */
export function showSession(state: SessionState, words: string, trouble: string): void {
  showStatus(state, words);
  byId("fact-state", HTMLElement).textContent = state.name;
  setText(byId("fact-client", HTMLElement), state.name === "connected" ? state.client : "–");
  connectButton.textContent = state.name === "connected" ? "Reconnect" : "Connect";
  disconnectButton.disabled = state.name === "disconnected";
  showProblem(trouble);
}
