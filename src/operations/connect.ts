import type { SubscriptionGrant } from "../channels/hooks.ts";
import { addEmulatedHeaders } from "../channels/kept-headers.ts";
import type { ConnectCommand, ConnectReply, Push, SubscribeResult } from "../protocol/messages.ts";
import type { HubOfSession } from "../sessions/hub-of-session.ts";
import type { Session } from "../sessions/session.ts";
import { DISCONNECTS, ERRORS } from "../shared/codes.ts";
import { isOver } from "../shared/expiry.ts";
import { logEvent } from "../shared/log.ts";
import { closeWith, failWith, type Refusal } from "../shared/refusal.ts";
import { VERSION } from "../shared/version.ts";
import { type Credentials, type HubOfCredentials, identify } from "./credentials.ts";
import { expiryOf } from "./expiry.ts";
import type { GrantedSubscription } from "./granted-subscription.ts";
import { json } from "./hook.ts";
import { type HubOfOpening, openHere } from "./opening.ts";
import {
  abandonAll,
  lengthOfHistories,
  lengthOfHistory,
  type Openings,
  openAllElsewhere,
} from "./openings.ts";
import { done, type Granted, granted, type OperationRequest } from "./operation.ts";
import { grantServerSide, type HubOfServerSideGrant } from "./server-side.ts";
import { commitSubscription, type HubOfSubscribing } from "./subscribing.ts";

/** What `connect` needs of the hub. */
export type HubOfConnect = HubOfCredentials &
  HubOfServerSideGrant &
  HubOfOpening &
  HubOfSubscribing &
  Pick<HubOfSession, "outbox"> & {
    readonly sessions: {
      /** Notes whose a session is. */
      identify(session: Session, user: string): void;
      /** Notes that a session has connected. */
      connected(session: Session): void;
    };
    readonly userLimit: {
      /** Whether a user may have one connection more, here and on all hubs together. */
      mayHaveHere(user: string): boolean;
      mayHave(session: Session): Promise<boolean>;
    };
    readonly userCommands: {
      /** Makes sure that commands on the user reach this hub. Returns false when they would not. */
      follow(session: Session): Promise<boolean>;
      /** Carries out those that came while the connection was being set up. */
      connected(session: Session): void;
    };
    /** Undefined where no backend is told. */
    readonly events: { opened(session: Session): void } | undefined;
    readonly usage: { begin(): void };
    personalChannelOf(user: string): string | undefined;
  };

type ConnectRequest = OperationRequest<ConnectCommand, ConnectReply>;

/** `connect`: finds out who the client is, subscribes it to what the server wants, and answers. */
export async function connect(hub: HubOfConnect, request: ConnectRequest): Promise<void> {
  const { session, command } = request;
  if (!keepHeaders(hub, session, command)) {
    request.answer(closeWith(DISCONNECTS.badRequest));
    return;
  }
  const identified = await identify(hub, session, command);
  if (identified.kind !== "granted") {
    refuse(request, identified);
    return;
  }
  if (session.isClosed) return;
  const credentials = identified.grant;
  const checked = checkCredentials(hub, credentials);
  if (checked.kind !== "ok") {
    refuse(request, checked);
    return;
  }
  noteCredentials(hub, session, credentials);
  const subscriptions = grantAll(hub, request, credentials);
  if (subscriptions.kind !== "granted") {
    refuse(request, subscriptions);
    return;
  }
  await openAndConnect(hub, request, credentials, subscriptions.grant);
}

async function openAndConnect(
  hub: HubOfConnect,
  request: ConnectRequest,
  credentials: Credentials,
  subscriptions: readonly GrantedSubscription[],
): Promise<void> {
  const { session } = request;
  const [openings, isFollowed, isWithinLimit] = await Promise.all([
    openAllElsewhere(hub, subscriptions),
    hub.userCommands.follow(session),
    hub.userLimit.mayHave(session),
  ]);
  await hub.outbox.replies.mayBegin();
  if (openings === undefined || !isFollowed || !isWithinLimit) {
    if (openings) abandonAll(openings);
    refuse(request, isWithinLimit ? failWith(ERRORS.internal) : closeWith(DISCONNECTS.connectionLimit));
  } else if (session.isClosed) abandonAll(openings);
  else finish(hub, request, credentials, subscriptions, openings);
}

/** Keeps headers that the client could not set on its handshake. False: they are too long. */
function keepHeaders(
  { config }: HubOfConnect,
  { state }: Session,
  { headers: emulated }: ConnectCommand,
): boolean {
  if (state.headers === undefined || emulated === undefined) return true;
  const headers = addEmulatedHeaders(state.headers, emulated, config.proxy?.httpHeaders ?? []);
  if (headers !== undefined) state.headers = headers;
  return headers !== undefined;
}

function checkCredentials(
  { userLimit }: HubOfConnect,
  { user, expireAt }: Credentials,
): { readonly kind: "ok" } | Refusal {
  if (isOver(expireAt, Date.now())) return failWith(ERRORS.expired);
  return userLimit.mayHaveHere(user) ? { kind: "ok" } : closeWith(DISCONNECTS.connectionLimit);
}

function noteCredentials(
  { sessions }: HubOfConnect,
  session: Session,
  { user, info, meta, expireAt, hasToken }: Credentials,
): void {
  sessions.identify(session, user);
  const { state } = session;
  state.info = json(info);
  state.meta = json(meta);
  state.expireAt = expireAt;
  state.hasToken = hasToken;
}

/** A connection whose connect was answered with an error is dead: what follows in the same frame is dropped. */
function refuse(request: ConnectRequest, refusal: Refusal): void {
  const { session } = request;
  request.answer(refusal);
  if (session.isClosed) return;
  session.phase = "refused";
  session.state.refused = true;
  // Nobody asks about it any more, and with the headers that it sent along it might not fit into the attachment.
  session.state.headers = undefined;
  session.change();
}

/** Grants what the token or the hook names, and the personal channel of the user. */
function grantAll(
  hub: HubOfConnect,
  { session, command }: ConnectRequest,
  { user, subs }: Credentials,
): Granted<readonly GrantedSubscription[]> {
  const grants = new Map<string, SubscriptionGrant>(Object.entries(subs));
  const { personalChannel, channelLimit } = hub.config.connection;
  const own = hub.personalChannelOf(user);
  if (own !== undefined && !grants.has(own)) grants.set(own, {});
  // Nothing of the user's id may be in the log.
  if (own === undefined && personalChannel.enabled && user !== "")
    logEvent("hub.no_personal_channel", { client: session.state.client });
  if (grants.size > channelLimit) return closeWith(DISCONNECTS.channelLimit);
  if (grants.size > 0 && !hub.memory.takesSubscriptions) return failWith(ERRORS.tooManyRequests);
  const subscriptions: GrantedSubscription[] = [];
  for (const [channel, grant] of grants) {
    const recover = command.subs.get(channel);
    const answered = grantServerSide(hub, session, { channel, recover, isAdded: false, grant });
    if (answered.kind !== "granted") return answered;
    subscriptions.push(answered.grant);
  }
  return granted(subscriptions);
}

function finish(
  hub: HubOfConnect,
  request: ConnectRequest,
  credentials: Credentials,
  subscriptions: readonly GrantedSubscription[],
  openings: Openings,
): void {
  const { session } = request;
  noteConnected(hub, session);
  const subscribed = subscribeAll(hub, session, subscriptions, openings);
  if (subscribed === undefined) {
    // Leaving one out of the reply would tell the client that it is unsubscribed: it shall come back instead.
    request.answer(closeWith(DISCONNECTS.insufficientState));
    return;
  }
  const { pingInterval, pong } = hub.config.connection;
  const reply: ConnectReply = {
    kind: "connect",
    client: session.state.client,
    version: VERSION,
    ...expiryOf(credentials),
    data: json(credentials.data),
    subs: subscribed.subs,
    ping: pingInterval,
    pong,
  };
  session.phase = "connected";
  hub.sessions.connected(session);
  hub.usage.begin();
  request.answer(done(reply, subscribed.pushes));
  session.change();
  hub.wakeForExpiry(session);
  hub.userCommands.connected(session);
}

/** The backend is told that the connection is there. Whatever ends it now, also before its reply, is told as well. */
function noteConnected({ events }: HubOfConnect, session: Session): void {
  events?.opened(session);
  session.state.connected = true;
  // A ping that went out while it was being set up needs no answer.
  session.state.since = Date.now();
  session.noteSeen(session.state.since);
}

/** What the reply says of server-side subscriptions, and what is pushed after it. Undefined: one of them failed. */
function subscribeAll(
  hub: HubOfConnect,
  session: Session,
  subscriptions: readonly GrantedSubscription[],
  openings: Openings,
): { readonly subs: ReadonlyMap<string, SubscribeResult>; readonly pushes: readonly Push[] } | undefined {
  const subs = new Map<string, SubscribeResult>();
  const pushes: Push[] = [];
  let left = hub.config.connection.replyMaxLength - lengthOfHistories(openings);
  for (const subscription of subscriptions) {
    let opening = openings.get(subscription);
    if (opening === undefined) {
      opening = openHere(hub, subscription, left);
      left -= lengthOfHistory(opening);
    }
    // After a failure too: each opening is committed or abandoned.
    const outcome = commitSubscription(hub, session, subscription, opening);
    if (outcome.kind !== "done") continue;
    subs.set(subscription.subscription.channel, outcome.result);
    pushes.push(...outcome.pushes);
  }
  return subs.size === subscriptions.length ? { subs, pushes } : undefined;
}
