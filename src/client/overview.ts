/** The view of the whole gateway: wires the operator, what the gateway pushes, and the parts of the view together. */

import { DISCONNECTS, ERRORS } from "../shared/codes.ts";
import { describeDisconnect } from "./channels/code-words.ts";
import { byId, setText } from "./dom.ts";
import { ActionDialog } from "./overview/action-dialog.ts";
import type { ActionName } from "./overview/actions.ts";
import type { ApiFailure } from "./overview/api-answer.ts";
import { ChannelPanel } from "./overview/channel-panel.ts";
import { type FeedState, openFeed } from "./overview/feed.ts";
import { formatMany } from "./overview/formats.ts";
import { HubPanel } from "./overview/hub-panel.ts";
import { LiveOverview } from "./overview/live-overview.ts";
import { showNotice } from "./overview/notice.ts";
import { missingRight, NO_DIRECTORY, SIGNED_OUT } from "./overview/notice-words.ts";
import { Operator, type Right } from "./overview/operator.ts";
import { bindSignIn, focusKey, showOperator } from "./overview/sign-in-panel.ts";
import { TracePanel } from "./overview/trace-panel.ts";
import { UserPanel } from "./overview/user-panel.ts";
import { ownGateway } from "./own-gateway.ts";
import { readPageAddress, withOverview } from "./page-address.ts";
import { setShortcuts } from "./shortcuts.ts";

/** What the gateway ends an overview with that it cannot have. */
const NOT_AVAILABLE: readonly number[] = [ERRORS.notAvailable.code, DISCONNECTS.notAvailable.code];

const pickedChannel = byId("picked-channel", HTMLInputElement);
const linked = readPageAddress(ownGateway, location.search);

const operator = new Operator(signedInOrOut);
const actions = new ActionDialog(operator);
const trace = new TracePanel(operator);
const hubs = new HubPanel(linked.hub, (hub) => writeAddress({ hub }));
const live = new LiveOverview(hubs);
const users = new UserPanel(operator, {
  act: (name, values) => actions.open(name, values),
  trace: (client, hub) => trace.trace("client", client, hub),
});
const channels = new ChannelPanel(
  operator,
  linked.search,
  (search) => writeAddress({ search }),
  (channel) => {
    pickedChannel.value = channel;
  },
);
let closeFeed: (() => void) | undefined;
let state: FeedState | undefined;

for (const button of document.querySelectorAll<HTMLElement>("#overview [data-action]")) {
  button.addEventListener("click", () => act(button.dataset.action as ActionName));
}
byId("trace-channel", HTMLButtonElement).addEventListener("click", () => {
  trace.trace("channel", pickedChannel.value.trim());
});
byId("trace-user", HTMLButtonElement).addEventListener("click", () => trace.trace("user", users.user));
setShortcuts("overview", {
  l: () => hubs.focus(),
  "/": () => channels.focus(),
  u: () => users.focus(),
  t: () => trace.focus(),
  p: () => trace.togglePause(),
  c: focusKey,
});
bindSignIn(operator);
signedInOrOut(undefined);

/** Fields of the dialog that are known already are filled in: each action is about a user, or about a channel. */
function act(name: ActionName): void {
  const channel = pickedChannel.value.trim();
  actions.open(name, name === "publish" ? { channel } : { user: users.user });
}

/** @param why what the gateway says, where it takes the key no more. */
function signedInOrOut(why: ApiFailure | undefined): void {
  showOperator(operator, why);
  showParts(operator.rights);
  showNotice(operator.isSignedIn ? missingRight(operator.rights) : SIGNED_OUT);
  closeFeed?.();
  closeFeed = undefined;
  state = undefined;
  live.clear();
  channels.clear();
  users.clear();
  if (!operator.isSignedIn) {
    trace.stop();
    actions.close();
  }
  if (operator.rights.includes("observe")) {
    closeFeed = openFeed(() => operator.token(), { changed, message });
    channels.refresh();
  }
  showStatus();
}

/** A part is there when the key has one of the rights that it names. */
function showParts(rights: readonly Right[]): void {
  for (const part of document.querySelectorAll<HTMLElement>("#overview [data-right]")) {
    const wanted = part.dataset.right?.split(" ") ?? [];
    part.hidden = !wanted.some((right) => rights.includes(right as Right));
  }
}

function changed(now: FeedState): void {
  state = now;
  if (now.name !== "live") live.pause();
  if (now.name === "ended" && NOT_AVAILABLE.includes(now.code)) showNotice(NO_DIRECTORY);
  showStatus();
}

function message(pushed: Parameters<typeof live.take>[0]): void {
  showNotice(undefined);
  live.take(pushed);
  showStatus();
}

function showStatus(): void {
  const status = byId("overview-status", HTMLElement);
  status.dataset.state = { connecting: "connecting", live: "open", ended: "closed" }[state?.name ?? "ended"];
  setText(byId("overview-status-text", HTMLElement), describeState());
}

function describeState(): string {
  if (!operator.isSignedIn) return "signed out";
  if (state === undefined) return "signed in";
  if (state.name === "connecting") return "connecting …";
  if (state.name === "ended") return `ended: ${describeDisconnect(state.code, state.reason).name}`;
  return live.hubs === undefined ? "live" : `live · ${formatMany(live.hubs, "hub")}`;
}

/** The key and the token are never in the address. */
function writeAddress(shown: { readonly hub?: string; readonly search?: string }): void {
  const query = withOverview(location.search, shown);
  if (query !== location.search)
    history.replaceState(null, "", `${location.pathname}${query}${location.hash}`);
}
