import type { HubCore } from "../../durable-objects/hub/core.ts";
import type { ConnectContext, ConnectGrant, SubscriptionGrant } from "../channels/hooks.ts";
import { addEmulatedHeaders } from "../channels/kept-headers.ts";
import type { ConnectCommand, Push, SubscribeResult } from "../protocol/messages.ts";
import type { Session } from "../sessions/session.ts";
import { type CloseDefinition, DISCONNECTS, ERRORS, type ProtocolError } from "../shared/codes.ts";
import { isOver } from "../shared/expiry.ts";
import { logEvent } from "../shared/log.ts";
import { VERSION } from "../shared/version.ts";
import { askAbout, json, payloadOf } from "./hook.ts";
import {
  abandonAll,
  lengthOfHistories,
  lengthOfHistory,
  type Openings,
  openElsewhere,
  openHere,
} from "./opening.ts";
import { commitSubscription, expiryOf, type GrantedSubscription, grantSubscription } from "./subscribing.ts";

/** Who a client turned out to be. */
interface Credentials {
  readonly user: string;
  readonly info: unknown;
  readonly meta: unknown;
  readonly data: unknown;
  readonly expireAt: number | undefined;
  /** Whether the client is to refresh its token by itself. */
  readonly hasToken: boolean;
  readonly subs: Readonly<Record<string, SubscriptionGrant>>;
}

type Refusal = { readonly error: ProtocolError } | { readonly close: CloseDefinition };

/** `connect`: finds out who the client is, subscribes it to what the server wants, and answers. */
export async function connect(core: HubCore, session: Session, command: ConnectCommand): Promise<void> {
  if (!keepHeaders(core, session, command)) {
    session.disconnect(DISCONNECTS.badRequest);
    return;
  }
  const credentials = await identify(core, session, command);
  if (credentials === undefined || session.isClosed) return;
  const refusal = refuseCredentials(core, credentials);
  if (refusal) {
    refuse(session, command.id, refusal);
    return;
  }
  core.sessions.identify(session, credentials.user);
  const { state } = session;
  state.info = json(credentials.info);
  state.meta = json(credentials.meta);
  state.expireAt = credentials.expireAt;
  state.hasToken = credentials.hasToken;
  const granted = grantServerSide(core, session, command, credentials);
  if (!Array.isArray(granted)) {
    refuse(session, command.id, granted);
    return;
  }
  const [openings, isFollowed, isWithinLimit] = await Promise.all([
    openElsewhere(core, granted),
    core.userCommands.follow(session),
    core.userLimit.mayHave(session),
  ]);
  await core.outbox.replies.mayBegin();
  if (openings === undefined || !isFollowed || !isWithinLimit) {
    if (openings) abandonAll(openings);
    refuse(
      session,
      command.id,
      isWithinLimit ? { error: ERRORS.internal } : { close: DISCONNECTS.connectionLimit },
    );
  } else if (session.isClosed) abandonAll(openings);
  else answer(core, session, command, credentials, granted, openings);
}

/** Keeps headers that the client could not set on its handshake. False: they are too long. */
function keepHeaders(
  { config }: HubCore,
  { state }: Session,
  { headers: emulated }: ConnectCommand,
): boolean {
  if (state.headers === undefined || emulated === undefined) return true;
  const headers = addEmulatedHeaders(state.headers, emulated, config.proxy?.httpHeaders ?? []);
  if (headers !== undefined) state.headers = headers;
  return headers !== undefined;
}

/** The token decides, or else the hook, or else whether anybody may connect. Undefined: refused, and told so. */
async function identify(
  core: HubCore,
  session: Session,
  command: ConnectCommand,
): Promise<Credentials | undefined> {
  if (command.token !== "") return identifyByToken(core, session, command);
  const { hooks, connection } = core.config;
  if (hooks.connect) {
    const context = contextOfConnect(session, command);
    const ask = () => hooks.connect?.(context);
    const granted = await askAbout<ConnectGrant>(
      core,
      session,
      { hook: "connect", id: command.id },
      ask,
      namesUser,
    );
    if (granted.kind === "refused") {
      markRefused(session);
      return undefined;
    }
    if (granted.result) return credentialsOf(granted.result);
  }
  if (connection.allowAnonymous || connection.insecure) return credentialsOf({ user: "" });
  const why = hooks.connect ? "no credentials from the hook" : "connection.allowAnonymous is off";
  const { client } = session.state;
  core.faults.noteUnproven("connect_refused", DISCONNECTS.badRequest, client, `no token, and ${why}`);
  session.disconnect(DISCONNECTS.badRequest);
  return undefined;
}

async function identifyByToken(
  core: HubCore,
  session: Session,
  command: ConnectCommand,
): Promise<Credentials | undefined> {
  const { client } = session.state;
  const verified = await core.tokens.connection(command.token);
  switch (verified.kind) {
    case "valid":
      return {
        ...verified.claims,
        data: undefined,
        hasToken: !core.renewals.renewsConnections,
        subs: verified.claims.channels,
      };
    case "expired":
      refuse(session, command.id, { error: ERRORS.tokenExpired });
      return undefined;
    case "unavailable":
      core.faults.noteUnproven("token_unverified", ERRORS.internal, client, verified.why);
      refuse(session, command.id, { error: ERRORS.internal });
      return undefined;
    case "invalid":
      core.faults.noteUnproven("token_refused", DISCONNECTS.invalidToken, client, verified.why);
      session.disconnect(DISCONNECTS.invalidToken);
      return undefined;
  }
}

function contextOfConnect(
  { state: { client, headers } }: Session,
  { data, name, version, subs }: ConnectCommand,
): ConnectContext {
  const channels = [...subs.keys()];
  return {
    client,
    ...payloadOf(data),
    name,
    version,
    ...(channels.length > 0 && { channels }),
    ...(headers && { headers }),
  };
}

function namesUser({ user }: ConnectGrant): boolean {
  return typeof user === "string";
}

function credentialsOf({ user, info, meta, data, expireAt, subs = {} }: ConnectGrant): Credentials {
  return { user, info, meta, data, expireAt, subs, hasToken: false };
}

function refuseCredentials(core: HubCore, { user, expireAt }: Credentials): Refusal | undefined {
  if (isOver(expireAt, Date.now())) return { error: ERRORS.expired };
  return core.userLimit.mayHaveHere(user) ? undefined : { close: DISCONNECTS.connectionLimit };
}

function refuse(session: Session, id: number, refusal: Refusal): void {
  if ("close" in refusal) {
    session.disconnect(refusal.close);
    return;
  }
  session.fail(id, refusal.error);
  markRefused(session);
}

/** A connection whose connect was answered with an error is dead: what follows in the same frame is dropped. */
function markRefused(session: Session): void {
  if (session.isClosed) return;
  session.phase = "refused";
  session.state.refused = true;
  // Nobody asks about it any more, and with the headers that it sent along it might not fit into the attachment.
  session.state.headers = undefined;
  session.change();
}

function grantServerSide(
  core: HubCore,
  session: Session,
  command: ConnectCommand,
  credentials: Credentials,
): GrantedSubscription[] | Refusal {
  const grants = new Map<string, SubscriptionGrant>(Object.entries(credentials.subs));
  const { personalChannel: personal, channelLimit } = core.config.connection;
  const own = core.personalChannelOf(credentials.user);
  if (own !== undefined && !grants.has(own)) grants.set(own, {});
  // Nothing of the user's id may be in the log.
  if (own === undefined && personal.enabled && credentials.user !== "")
    logEvent("hub.no_personal_channel", { client: session.state.client });
  if (grants.size > channelLimit) return { close: DISCONNECTS.channelLimit };
  if (grants.size > 0 && !core.memory.takesSubscriptions) return { error: ERRORS.tooManyRequests };
  const granted: GrantedSubscription[] = [];
  for (const [channel, grant] of grants) {
    const { check, options } = core.factsOf(channel);
    if (check !== "ok") return { error: ERRORS.badRequest };
    if (options === undefined) return { error: ERRORS.unknownChannel };
    const request = {
      positioned: false,
      recoverable: false,
      joinLeave: false,
      recover: command.subs.get(channel),
      flag: 0,
      isServerSide: true,
      hasToken: false,
    };
    granted.push(grantSubscription(core, session, channel, options, request, grant));
  }
  return granted;
}

function answer(
  core: HubCore,
  session: Session,
  command: ConnectCommand,
  credentials: Credentials,
  granted: readonly GrantedSubscription[],
  openings: Openings,
): void {
  core.events?.opened(session);
  // From here on it is told as gone when it goes, also if that is before its reply.
  session.state.connected = true;
  // It is not to answer for a ping that went out while it was being let in.
  session.state.since = Date.now();
  session.noteSeen(session.state.since);
  const subs = new Map<string, SubscribeResult>();
  const pushes: Push[] = [];
  let left = core.config.connection.replyMaxLength - lengthOfHistories(openings);
  for (const subscription of granted) {
    let opening = openings.get(subscription);
    if (opening === undefined) {
      // A channel that is homed here is opened and committed in one step: nothing that is published in between would be held.
      opening = openHere(core, subscription, left);
      left -= lengthOfHistory(opening);
    }
    const subscribed = commitSubscription(core, session, subscription, opening);
    if (subscribed.kind === "refused") continue;
    subs.set(subscription.subscription.channel, subscribed.result);
    pushes.push(...subscribed.pushes);
  }
  if (subs.size < granted.length) {
    // Leaving one out of the reply would tell the client that it is unsubscribed: it shall come back instead.
    session.disconnect(DISCONNECTS.insufficientState);
    return;
  }
  const { pingInterval, pong } = core.config.connection;
  session.phase = "connected";
  core.sessions.connected(session);
  core.usage.begin();
  session.reply(command.id, {
    kind: "connect",
    client: session.state.client,
    version: VERSION,
    ...expiryOf(credentials),
    data: json(credentials.data),
    subs,
    ping: pingInterval,
    pong,
  });
  for (const push of pushes) session.push(push);
  session.change();
  core.wakeForExpiry(session);
  core.userCommands.connected(session);
}
