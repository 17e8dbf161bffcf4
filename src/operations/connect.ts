import type { Shedding } from "../budget/shedding.ts";
import { addEmulatedHeaders } from "../channels/kept-headers.ts";
import type { ConnectCommand, ConnectReply } from "../protocol/messages.ts";
import type { HubOfSession } from "../sessions/hub-of-session.ts";
import { mustAnswerPings } from "../sessions/pongs.ts";
import type { Session } from "../sessions/session.ts";
import type { Admitted } from "../sessions/user-limit.ts";
import { DISCONNECTS, ERRORS } from "../shared/codes.ts";
import { isOver } from "../shared/expiry.ts";
import { closeWith, failWith, type Refusal } from "../shared/refusal.ts";
import { VERSION } from "../shared/version.ts";
import { grantAll, type HubOfConnectSubscriptions, subscribeAll } from "./connect-subscriptions.ts";
import { type Credentials, type HubOfCredentials, identify } from "./credentials.ts";
import { expiryOf } from "./expiry.ts";
import type { GrantedSubscription } from "./granted-subscription.ts";
import { json } from "./hook.ts";
import { abandonAll, type Openings, openAllElsewhere } from "./openings.ts";
import { done, type OperationRequest } from "./operation.ts";

/** What `connect` needs of the hub. */
export type HubOfConnect = HubOfCredentials &
  HubOfConnectSubscriptions &
  Pick<HubOfSession, "outbox"> & {
    readonly sessions: {
      /** Notes whose a session is. */
      identify(session: Session, user: string): void;
      /** Notes that a session has connected. */
      connected(session: Session): void;
    };
    readonly shedding: Pick<Shedding, "refuses">;
    readonly userLimit: {
      /** Whether a user may have one connection more here. */
      mayHaveHere(user: string): boolean;
      /** Whether a connection may stay, as far as its control home knows. */
      admit(session: Session): Promise<Admitted>;
      /** The same, of a block alone. */
      admitUnblocked(session: Session): Promise<Admitted>;
    };
    readonly userCommands: {
      /** Makes sure that commands on the user reach this hub: since before, since now, or they do not. */
      follow(session: Session): Promise<Followed>;
      /** Carries out those that came while the connection was being set up. */
      connected(session: Session): void;
    };
    /** Where open overviews are held, and only there. */
    readonly overview: { connected(session: Session): void } | undefined;
    /** Undefined where no backend is told. */
    readonly events: { opened(session: Session): void } | undefined;
    readonly usage: { begin(): void };
    readonly name: string;
  };

/** Whether commands on a user reach a hub. */
export type Followed = "before" | "now" | "not";

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
  const subscriptions = grantAll(hub, session, command, credentials);
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
  const [openings, userRefusal] = await Promise.all([
    openAllElsewhere(hub, subscriptions),
    userRefusalOf(hub, session),
  ]);
  await hub.outbox.replies.mayBegin();
  if (openings === undefined || userRefusal !== undefined) {
    if (openings) abandonAll(openings);
    refuse(request, userRefusal ?? failWith(ERRORS.internal));
  } else if (session.isClosed) abandonAll(openings);
  else finish(hub, request, credentials, subscriptions, openings);
}

/**
 * Why the user may not have the connection. Where the hub has only now begun to follow commands on the user, it asks again
 * whether the user is blocked: the command of a block that came meanwhile went to other hubs.
 */
async function userRefusalOf(
  { userCommands, userLimit }: HubOfConnect,
  session: Session,
): Promise<Refusal | undefined> {
  const [followed, admitted] = await Promise.all([userCommands.follow(session), userLimit.admit(session)]);
  if (typeof admitted === "object") return closeWith(admitted);
  if (followed === "not") return failWith(ERRORS.internal);
  const isOld = admitted === "yes" && followed === "now";
  const again = isOld ? await userLimit.admitUnblocked(session) : admitted;
  return typeof again === "object" ? closeWith(again) : undefined;
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
  { userLimit, shedding }: HubOfConnect,
  { user, expireAt }: Credentials,
): { readonly kind: "ok" } | Refusal {
  const now = Date.now();
  if (isOver(expireAt, now)) return failWith(ERRORS.expired);
  if (user === "" && shedding.refuses("anonymous", now)) return closeWith(DISCONNECTS.budgetExceeded);
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
  const { stream } = session.state;
  const reply: ConnectReply = {
    kind: "connect",
    client: session.state.client,
    version: VERSION,
    ...expiryOf(credentials),
    data: json(credentials.data),
    subs: subscribed.subs,
    ping: hub.config.connection.pingInterval,
    // The Worker answers the pings of a stream: the client would have to post for each.
    pong: mustAnswerPings(hub.config.connection, session) && stream === undefined,
    ...(stream && stream.session !== "" && { emulation: { session: stream.session, node: hub.name } }),
  };
  session.phase = "connected";
  hub.sessions.connected(session);
  hub.usage.begin();
  request.answer(done(reply, subscribed.pushes));
  session.change();
  hub.wakeForExpiry(session);
  hub.userCommands.connected(session);
  hub.overview?.connected(session);
}

/** The backend is told that the connection is there. Whatever ends it now, also before its reply, is told as well. */
function noteConnected({ events }: HubOfConnect, session: Session): void {
  events?.opened(session);
  session.state.connected = true;
  // A ping that went out while it was being set up needs no answer.
  session.state.since = Date.now();
  session.noteSeen(session.state.since);
}
