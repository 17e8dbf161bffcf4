/** The view of channels: connects when it is first seen, and wires the session, the panels and the frames together. */

import type { GatewayFacts } from "../shared/gateway-facts.ts";
import { describeDisconnect } from "./channels/code-words.ts";
import { addFrame, addNote, togglePause } from "./channels/frame-panel.ts";
import { Heartbeat } from "./channels/heartbeat.ts";
import { bindOutagePanel } from "./channels/outage-panel.ts";
import { Panels } from "./channels/panels.ts";
import { isHeartbeat, readFrame } from "./channels/protocol-frame.ts";
import { ReplyTimes } from "./channels/reply-times.ts";
import { ChannelSession, type SessionState, type Target } from "./channels/session.ts";
import {
  bindSessionPanel,
  connect,
  connectAtFirst,
  showProblem,
  showSession,
  showStatus,
} from "./channels/session-panel.ts";
import { describeState, describeTrouble, type SessionPicture } from "./channels/session-words.ts";
import { tapSockets } from "./channels/tapped-socket.ts";
import { byId } from "./dom.ts";
import { gatewayFacts } from "./gateway-facts.ts";
import { LiveFigures } from "./live-figures.ts";
import { ownGateway } from "./own-gateway.ts";
import { readPageAddress, usualChannels, withChannels } from "./page-address.ts";
import { askWhyRefused } from "./refusal.ts";
import { setShortcuts } from "./shortcuts.ts";

const HEARTBEAT_MS = 500;
const CONNECT_CALLED = 0;

const heartbeat = new Heartbeat();
const replyTimes = new ReplyTimes();
const figures = new LiveFigures("channels-figures");
const sockets = tapSockets({
  opened(url) {
    addNote("open", `Connected to ${url}`);
    forgetTimes();
  },
  sent(frame) {
    addFrame("sent", frame, session.target.url);
    measure("sent", frame, performance.now());
  },
  received: (frame) => addFrame("received", frame, session.target.url),
  receivedLine: (line, at) => measure("received", line, at),
  failed: (url) => addNote("error", `No connection to ${url}`),
  closed({ code, reason, isCut, wasReplaced }) {
    addNote("close", isCut ? "Dropped by you" : sayClose(code, reason));
    if (!wasReplaced) forgetTimes();
  },
});
const outagePanel = bindOutagePanel(sockets.cut, () => session.retryNow());
const session: ChannelSession = new ChannelSession(
  { Socket: sockets.Socket, ready: () => outagePanel.outage.over() },
  { changed, unreachable, connectFailed, serverChannel: (channel) => panels.addServerSide(channel) },
);
const panels = new Panels(session, panelsChanged);
/** Channels that have panels without a link. As long as the gateway has not told its namespaces, there are none. */
let usual: readonly string[] = [];
let isAsking = false;
let unreached: string | undefined;
let refused: string | undefined;
let failure: SessionPicture["failure"];

bindSessionPanel(session);
setShortcuts("channels", {
  m: () => panels.focusFirst(),
  s: () => byId("channel", HTMLInputElement).focus(),
  l: () => byId("frames-log-rows", HTMLElement).focus(),
  "/": () => byId("frames-filter-text", HTMLInputElement).focus(),
  p: togglePause,
  c: () => connect(session),
  d: () => outagePanel.drop(),
});
setInterval(showHeartbeat, HEARTBEAT_MS);
// Nothing waits for the gateway's facts: the forms are bound, and an await here would stop what they call halfway.
const linked = readPageAddress(ownGateway, location.search).channels;
for (const channel of linked ?? []) panels.add(channel, "");
connectAtFirst(session);
showState();
void gatewayFacts.then((facts) => {
  if (facts) showNamespaces(facts);
});

/** What was subscribed meanwhile stays. */
function showNamespaces({ namespaces }: GatewayFacts): void {
  usual = usualChannels(namespaces);
  panels.suggest(usual);
  const missing = linked ? [] : usual.filter((channel) => !panels.has(channel));
  for (const channel of missing) panels.add(channel, "");
  panelsChanged();
}

/** @param at `performance.now()` when the lines were sent or came. */
function measure(direction: "sent" | "received", lines: string, at: number): void {
  for (const line of readFrame(direction, lines)) {
    const milliseconds = heartbeat.read(direction, line, at) ?? replyTimes.read(direction, line, at);
    if (milliseconds !== undefined) figures.roundTrip(milliseconds);
    if (!isHeartbeat(line.kind)) figures.count(1);
  }
}

function forgetTimes(): void {
  heartbeat.reset();
  replyTimes.reset();
  figures.roundTrip(undefined);
}

function panelsChanged(): void {
  showStatus(session.state, describeState(picture()));
  const query = withChannels(location.search, panels.wanted, usual);
  if (query !== location.search)
    history.replaceState(null, "", `${location.pathname}${query}${location.hash}`);
}

function changed(state: SessionState): void {
  const isConnected = state.name === "connected";
  if (isConnected) {
    panels.own(state.client);
    refused = undefined;
    failure = undefined;
  }
  if (state.name === "connecting" && state.code === CONNECT_CALLED) {
    unreached = undefined;
    refused = undefined;
    failure = undefined;
  }
  showHeartbeat();
  if (state.name === "disconnected" && outagePanel.outage.isOn) outagePanel.outage.end();
  outagePanel.enable(isConnected);
  panels.enable(isConnected);
  showState();
}

function showState(): void {
  showSession(session.state, describeState(picture()), describeTrouble(picture()));
}

function picture(): SessionPicture {
  const { state } = session;
  return {
    state,
    channels: panels.subscribed,
    isDropped: outagePanel.outage.isOn,
    unreached,
    refused,
    failure,
  };
}

/** The gateway is asked after each attempt: what it says may have changed since the last one. */
function unreachable(target: Target): void {
  if (isAsking) return;
  isAsking = true;
  void askWhyRefused({ url: target.url, protocols: [] }).then((refusal) => {
    isAsking = false;
    if (session.target !== target || session.state.name !== "connecting") return;
    unreached = refusal ? undefined : target.url;
    refused = refusal?.text;
    failure = undefined;
    if (refusal?.isFinal) session.disconnect();
    showState();
    if (refusal?.isFinal) {
      showProblem(refusal.text);
      addNote("error", refusal.text);
    }
  });
}

function connectFailed(code: number, message: string): void {
  failure = { code, message };
  unreached = undefined;
  refused = undefined;
  showState();
}

function sayClose(code: number, reason: string): string {
  const { name, meaning } = describeDisconnect(code, reason === "" ? "connection closed" : reason);
  return code < 3_000 ? `Closed: ${code} ${reason}`.trim() : `Closed: ${code} ${name}. ${meaning}`;
}

function showHeartbeat(): void {
  byId("fact-ping", HTMLElement).textContent = heartbeat.describe(performance.now());
}
