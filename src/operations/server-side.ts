import type { ChannelFacts } from "../channels/channel-facts.ts";
import type { SubscriptionGrant } from "../channels/hooks.ts";
import { isBinary } from "../channels/publication-data.ts";
import type { SubscribeUserCommand } from "../hub-rpc/management.ts";
import { parsePayload } from "../protocol/json/payload.ts";
import type { StreamPosition, SubscribeReply } from "../protocol/messages.ts";
import { logFieldsOf } from "../sessions/log-fields.ts";
import type { Session } from "../sessions/session.ts";
import { DISCONNECTS, ERRORS } from "../shared/codes.ts";
import { isOver } from "../shared/expiry.ts";
import { logEvent, logFailure } from "../shared/log.ts";
import { closeWith, failWith } from "../shared/refusal.ts";
import type { Opening } from "../streams/follower.ts";
import { optionsOf } from "./channel-options.ts";
import { type GrantedSubscription, grantSubscription, serverSideRequest } from "./granted-subscription.ts";
import { type HubOfOpening, openElsewhere, openHere } from "./opening.ts";
import { type Granted, granted, type OperationRequest } from "./operation.ts";
import { commitSubscription, countSubscribing, type HubOfSubscribing } from "./subscribing.ts";

/** What granting a subscription that the server makes needs of the hub. */
export interface HubOfServerSideGrant {
  readonly config: HubOfOpening["config"];
  factsOf(channel: string): ChannelFacts;
}

/** A subscription that the server makes: nobody is asked for permission. */
export interface ServerSideSubscription {
  readonly channel: string;
  readonly recover: StreamPosition | undefined;
  /** Whether the server API has added it to the connection. */
  readonly isAdded: boolean;
  readonly grant: SubscriptionGrant;
}

/** Grants a session a subscription that the server makes. */
export function grantServerSide(
  hub: HubOfServerSideGrant,
  { state: { user }, codec }: Session,
  { channel, recover, isAdded, grant }: ServerSideSubscription,
): Granted<GrantedSubscription> {
  const known = optionsOf(hub.factsOf(channel));
  if (known.kind !== "known") return known;
  if (isBinary(known.options) && !codec.carriesBytes) return failWith(ERRORS.notAvailable);
  const { insecure } = hub.config.connection;
  const request = serverSideRequest(channel, recover, isAdded);
  return granted(grantSubscription({ user, insecure }, request, known.options, grant));
}

/** What `subscribe` of the server API needs of the hub. */
export type HubOfSubscribeUser = HubOfSubscribing & HubOfOpening & HubOfServerSideGrant;

type SubscribeUserRequest = OperationRequest<SubscribeUserCommand, SubscribeReply>;

/**
 * `subscribe` of the server API, for one session. An error changes nothing. But where the subscription could not be made
 * after all, the session has to go: the backend has been told that all is well.
 */
export function subscribeUser(
  hub: HubOfSubscribeUser,
  request: SubscribeUserRequest,
): Promise<void> | undefined {
  const { session, command } = request;
  const { channel } = command;
  const asked = grantUser(hub, session, command);
  if (asked.kind !== "granted") {
    request.answer(asked);
    return undefined;
  }
  const { grant } = asked;
  if (hub.isHomeOf(channel)) {
    finish(hub, request, grant, openHere(hub, grant));
    return undefined;
  }
  const opened = openElsewhere(hub, grant).then(
    (opening) => finish(hub, request, grant, opening),
    (failure) => {
      logFailure("hub.user_subscribe_failed", failure, logFieldsOf(session));
      request.answer(closeWith(DISCONNECTS.insufficientState));
    },
  );
  return countSubscribing(session, channel, opened);
}

function grantUser(
  hub: HubOfSubscribeUser,
  session: Session,
  { channel, expireAt, info, data, override, recoverSince: recover }: SubscribeUserCommand,
): Granted<GrantedSubscription> {
  if (session.isClosed || session.subscriptions.has(channel)) return failWith(ERRORS.alreadySubscribed);
  if (isOver(expireAt, Date.now())) return failWith(ERRORS.expired);
  const isFull =
    session.subscriptionCount >= hub.config.connection.channelLimit || !hub.memory.takesSubscriptions;
  const expiry = expireAt === undefined ? {} : { expireAt };
  const grant = { info: parsePayload(info), data: parsePayload(data), override, ...expiry };
  const asked = isFull
    ? failWith(ERRORS.limitExceeded)
    : grantServerSide(hub, session, { channel, recover, isAdded: true, grant });
  if (asked.kind !== "granted") logEvent("hub.user_subscribe_refused", { ...logFieldsOf(session), isFull });
  return asked;
}

function finish(
  hub: HubOfSubscribeUser,
  request: SubscribeUserRequest,
  subscription: GrantedSubscription,
  opening: Opening,
): void {
  const { session } = request;
  if (session.isClosed) {
    opening.abandon();
    return;
  }
  const outcome = commitSubscription(hub, session, subscription, opening);
  if (outcome.kind === "error") {
    logEvent("hub.user_subscribe_refused", { ...logFieldsOf(session), code: outcome.error.code });
    request.answer(closeWith(DISCONNECTS.insufficientState));
  } else request.answer(outcome);
}
