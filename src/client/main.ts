/** The console: connects when it is first seen, and wires the connection, the log and the panels together. */

import { encodeClose } from "../websocket/frame.ts";
import { Chart } from "./chart.ts";
import { describeCloseCode } from "./close-codes.ts";
import { bindComposer, composeAgain, enableSending } from "./composer.ts";
import { type CloseReport, Connection, type ConnectionState, type Target } from "./connection.ts";
import {
  bindConnectionPanel,
  connect,
  connectAtFirst,
  showClose,
  showConnectProblem,
  showState,
} from "./connection-panel.ts";
import { byId } from "./dom.ts";
import { bindHeartbeat, offerHeartbeat } from "./heartbeat.ts";
import { bindInspector } from "./inspector.ts";
import { LiveFigures } from "./live-figures.ts";
import { LogView } from "./log-view.ts";
import type { Message, MessageData, Route } from "./message.ts";
import { MessageLog } from "./message-log.ts";
import { ownGateway } from "./own-gateway.ts";
import { bindProbe } from "./probe.ts";
import { cannotReach } from "./reach-words.ts";
import { askWhyRefused } from "./refusal.ts";
import { mayEcho } from "./room-url.ts";
import { RoundTrips } from "./round-trips.ts";
import { SessionFacts } from "./session-facts.ts";
import { bindShortcuts, setShortcuts } from "./shortcuts.ts";
import { bindViews } from "./views.ts";

const NO_STATUS = 1005;
const NARROW = "(max-width: 720px)";

const log = new MessageLog();
const roundTrips = new RoundTrips();
const chart = new Chart();
const facts = new SessionFacts();
const figures = new LiveFigures("figures");
let isRefused = false;
let route: Route = { url: "", extensions: "" };
const connection = new Connection({ changed, received, closed });
const logView = new LogView(log, bindInspector(composeAgain));
const probe = bindProbe((text) => send(text));

bindConnectionPanel(connection, (code, reason) => recordClose("sent", code, reason));
bindComposer(send);
bindHeartbeat(send);
bindShortcuts();
setShortcuts("console", {
  m: () => byId("message", HTMLTextAreaElement).focus(),
  l: () => byId("log-rows", HTMLElement).focus(),
  "/": () => byId("filter-text", HTMLInputElement).focus(),
  p: () => logView.togglePause(),
  c: () => connect(connection),
});
addEventListener("online", () => connection.retryNow());
for (const id of ["connection", "channels-connection", "glossary"]) {
  byId(id, HTMLDetailsElement).open = !matchMedia(NARROW).matches;
}
bindViews(openView);

function openView(name: string): void {
  if (name === "channels") loadChannels();
  else if (name === "overview") loadOverview();
  else if (connection.target.url === "") void connectAtFirst(connection);
}

/** The channels bring the SDK along, which is larger than the rest of the page: it is loaded when it is wanted. */
function loadChannels(): void {
  import("./channels.ts").catch(() => {
    byId("channels-status-text", HTMLElement).textContent = "could not be loaded: reload the page";
  });
}

function loadOverview(): void {
  import("./overview.ts").catch(() => {
    byId("overview-status-text", HTMLElement).textContent = "could not be loaded: reload the page";
  });
}

function send(data: MessageData): boolean {
  const sentAt = performance.now();
  if (!connection.send(data)) return false;
  if (mayEcho(ownGateway, connection.target.url)) roundTrips.sent(data, sentAt);
  facts.sent(record({ direction: "sent", type: typeOf(data), data }).size);
  figures.count(1);
  return true;
}

function received(data: MessageData): void {
  const milliseconds = roundTrips.received(data, performance.now());
  if (milliseconds !== undefined) {
    chart.add(milliseconds);
    figures.roundTrip(milliseconds);
  }
  figures.count(1);
  facts.received(record({ direction: "received", type: typeOf(data), data }).size);
}

function changed(state: ConnectionState, target: Target): void {
  if (state.name === "open" || (state.name === "connecting" && state.attempt === 0)) isRefused = false;
  showState(state, target, isRefused);
  enableSending(state.name === "open");
  offerHeartbeat(state.name === "open" ? target.url : undefined);
  probe.setAvailable(state.name === "open", mayEcho(ownGateway, target.url));
  if (state.name !== "open") return;
  route = { url: target.url, extensions: state.extensions };
  facts.reset();
  roundTrips.reset();
  figures.roundTrip(undefined);
  showConnectProblem("");
  note("open", `Connected to ${target.url}`);
}

function closed(report: CloseReport, target: Target): void {
  const { code, reason, wasClean, wasOpen, wasReplaced } = report;
  if (!wasReplaced) showClose(report);
  if (wasReplaced) note("info", `Left ${target.url} for another connection`);
  else if (!wasOpen) failed(target);
  else if (!wasClean) note("error", `Connection lost: ${sayClose(code, reason)}`);
  else recordClose("received", code === NO_STATUS ? undefined : code, reason);
}

function recordClose(direction: "sent" | "received", code: number | undefined, reason: string): void {
  const data = new Uint8Array(encodeClose(code, reason));
  record({ direction, type: "close", data, summary: sayClose(code, reason) });
}

/** The gateway is asked after each attempt: what it says may have changed since the last one. */
function failed(target: Target): void {
  note("error", `No connection to ${target.url}`);
  void askWhyRefused(target).then((refusal) => {
    if (connection.target !== target || connection.state.name === "open") return;
    isRefused = refusal !== undefined;
    if (refusal?.isFinal) connection.stopWaiting();
    showState(connection.state, target, isRefused);
    if (!refusal) return showConnectProblem(cannotReach(target.url));
    showConnectProblem(refusal.text);
    note("error", refusal.text);
  });
}

function record(message: Omit<Message, "time" | "route">): { size: number } {
  const entry = log.add({ ...message, route, time: Date.now() });
  logView.update();
  return entry;
}

function note(type: "open" | "error" | "info", text: string): void {
  record({ direction: "note", type, data: text });
}

function sayClose(code: number | undefined, reason: string): string {
  const { name } = describeCloseCode(code ?? NO_STATUS);
  const said = code === undefined || code === NO_STATUS ? "no code" : `${code} ${name}`;
  return reason === "" ? said : `${said}: ${reason}`;
}

function typeOf(data: MessageData): "text" | "binary" {
  return typeof data === "string" ? "text" : "binary";
}
