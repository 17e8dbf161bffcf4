/** The view of channels: connects when it is first seen, and wires the session, the panels and the frames together. */

import { describeDisconnect } from "./channels/code-words.ts";
import { addFrame, addNote, togglePause } from "./channels/frame-panel.ts";
import { Heartbeat } from "./channels/heartbeat.ts";
import { bindOutagePanel } from "./channels/outage-panel.ts";
import { Panels } from "./channels/panels.ts";
import { ChannelSession, type SessionState, type Target } from "./channels/session.ts";
import { bindSessionPanel, connect, showProblem, showSession, showStatus } from "./channels/session-panel.ts";
import { describeState, describeTrouble, type SessionPicture } from "./channels/session-words.ts";
import { tapSockets } from "./channels/tapped-socket.ts";
import { byId } from "./dom.ts";
import { askWhyRefused } from "./refusal.ts";
import { setShortcuts } from "./shortcuts.ts";

const FIRST_CHANNEL = "public:lobby";
const HEARTBEAT_MS = 500;
const CONNECT_CALLED = 0;

const heartbeat = new Heartbeat();
const sockets = tapSockets({
  opened: (url) => addNote("open", `Connected to ${url}`),
  sent: (frame) => readFrame("sent", frame),
  received: (frame) => readFrame("received", frame),
  failed: (url) => addNote("error", `No connection to ${url}`),
  closed(code, reason, isCut) {
    heartbeat.reset();
    addNote("close", isCut ? "Dropped by you" : sayClose(code, reason));
  },
});
const outagePanel = bindOutagePanel(sockets.cut, () => session.retryNow());
const session: ChannelSession = new ChannelSession(
  { Socket: sockets.Socket, ready: () => outagePanel.outage.over() },
  { changed, unreachable, serverChannel: (channel) => panels.addServerSide(channel) },
);
const panels = new Panels(session, () => showStatus(session.state, describeState(picture())));
let asked: Target | undefined;
let unreached: string | undefined;

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
panels.add(FIRST_CHANNEL, "");
connect(session);

function readFrame(direction: "sent" | "received", frame: string): void {
  for (const line of addFrame(direction, frame, session.target.url)) {
    heartbeat.read(direction, line, performance.now());
  }
  showHeartbeat();
}

function changed(state: SessionState): void {
  const isConnected = state.name === "connected";
  if (isConnected) panels.own(state.client);
  if (state.name === "connecting" && state.code === CONNECT_CALLED) {
    asked = undefined;
    unreached = undefined;
  }
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
  return { state, channels: panels.subscribed, isDropped: outagePanel.outage.isOn, unreached };
}

/** Asked once for each time that a person connects, however often the handshake fails. */
function unreachable(target: Target): void {
  if (asked === target) return;
  asked = target;
  void askWhyRefused({ url: target.url, protocols: [] }).then((refusal) => {
    if (session.target !== target || session.state.name !== "connecting") return;
    if (!refusal) {
      unreached = target.url;
      return showState();
    }
    if (refusal.isFinal) session.disconnect();
    showProblem(`Refused: ${refusal.text}`);
  });
}

function sayClose(code: number, reason: string): string {
  const { name, meaning } = describeDisconnect(code, reason === "" ? "connection closed" : reason);
  return code < 3_000 ? `Closed: ${code} ${reason}`.trim() : `Closed: ${code} ${name}. ${meaning}`;
}

function showHeartbeat(): void {
  byId("fact-ping", HTMLElement).textContent = heartbeat.describe(performance.now());
}
