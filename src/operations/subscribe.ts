import type { ChannelFacts } from "../channels/channel-facts.ts";
import type { SubscriptionGrant } from "../channels/hooks.ts";
import type { ChannelOptions } from "../channels/options.ts";
import { maySubscribe, type SubscribeDecision } from "../channels/permissions.ts";
import { checkSubscribe } from "../channels/subscribe-checks.ts";
import type { SubscribeCommand, SubscribeReply } from "../protocol/messages.ts";
import type { HubOfSession } from "../sessions/hub-of-session.ts";
import { mayAnswerAtLength, mayLookUp, mayWait, untilBudget, withinBudget } from "../sessions/pending.ts";
import { readElsewhere } from "../sessions/reading.ts";
import { ERRORS } from "../shared/codes.ts";
import { isOver } from "../shared/expiry.ts";
import { failWith } from "../shared/refusal.ts";
import type { Opening } from "../streams/follower.ts";
import { type GrantedSubscription, grantSubscription } from "./granted-subscription.ts";
import { askAbout, contextOf, type HubOfHooks, payloadOf } from "./hook.ts";
import { type HubOfNewHomes, mayCallHome } from "./new-homes.ts";
import { type HubOfOpening, openElsewhere, openHere } from "./opening.ts";
import { type Granted, granted, type OperationRequest } from "./operation.ts";
import type { Renewals } from "./renewals.ts";
import { commitSubscription, countSubscribing, type HubOfSubscribing } from "./subscribing.ts";
import { grantByToken, type HubOfSubscriptionTokens } from "./subscription-token.ts";

/** What `subscribe` needs of the hub. */
export type HubOfSubscribe = HubOfSubscribing &
  HubOfOpening &
  HubOfNewHomes &
  HubOfHooks &
  HubOfSubscriptionTokens &
  Pick<HubOfSession, "outbox"> & {
    readonly renewals: Pick<Renewals, "renewsSubscriptions">;
    factsOf(channel: string): ChannelFacts;
  };

type SubscribeRequest = OperationRequest<SubscribeCommand, SubscribeReply>;

/** `subscribe`: checks, in the order in which their answers count, then who decides, then the channel is opened. */
export function subscribe(hub: HubOfSubscribe, request: SubscribeRequest): Promise<void> | undefined {
  const { session, command } = request;
  const { channel } = command;
  const facts = hub.factsOf(channel);
  const check = checkSubscribe({
    command,
    name: facts.check,
    options: facts.options,
    isSubscribed: session.subscriptions.has(channel),
    subscriptions: session.subscriptionCount,
    limit: hub.config.connection.channelLimit,
    carriesBytes: session.codec.carriesBytes,
    hasSpace: hub.memory.takesSubscriptions,
  });
  if (check.kind !== "ok") {
    request.answer(check);
    return undefined;
  }
  const { options } = check;
  const decision = decide(hub, request, options, hub.config.hooks.subscribe !== undefined);
  if (decision.kind === "deny") request.answer(failWith(decision.error));
  else if (decision.kind === "allow")
    return countSubscribing(session, channel, subscribeGranted(hub, request, options, {}));
  else if (mayWait(request)) {
    const asked =
      decision.kind === "token" ? askToken(hub, request) : askSubscribeHook(hub, request, options);
    return countSubscribing(session, channel, subscribeWhenGranted(hub, request, options, asked));
  }
  return undefined;
}

function decide(
  hub: HubOfSubscribe,
  { session, command }: SubscribeRequest,
  options: ChannelOptions,
  hasHook: boolean,
): SubscribeDecision {
  return maySubscribe({
    channel: hub.factsOf(command.channel).name,
    user: session.state.user,
    options,
    hasToken: command.token !== "",
    hasHook,
    insecure: hub.config.connection.insecure,
  });
}

function askToken(
  hub: HubOfSubscribe,
  { session, command }: SubscribeRequest,
): Promise<Granted<SubscriptionGrant>> {
  return grantByToken(hub, session, command, failWith(ERRORS.tokenExpired));
}

/** Asks the hook; where it has no opinion, the options decide. */
async function askSubscribeHook(
  hub: HubOfSubscribe,
  request: SubscribeRequest,
  options: ChannelOptions,
): Promise<Granted<SubscriptionGrant>> {
  const { session, command } = request;
  const { channel, data } = command;
  const asked = await askAbout<SubscriptionGrant>(hub, session, {
    hook: "subscribe",
    ask: () => hub.config.hooks.subscribe?.({ ...contextOf(session), channel, ...payloadOf(data) }),
  });
  if (asked.kind !== "granted") return asked;
  const { grant } = asked;
  if (grant !== undefined)
    return isOver(grant.expireAt, Date.now()) ? failWith(ERRORS.expired) : granted(grant);
  const decision = decide(hub, request, options, false);
  if (decision.kind === "allow") return granted({});
  return failWith(decision.kind === "deny" ? decision.error : ERRORS.permissionDenied);
}

async function subscribeWhenGranted(
  hub: HubOfSubscribe,
  request: SubscribeRequest,
  options: ChannelOptions,
  asked: Promise<Granted<SubscriptionGrant>>,
): Promise<void> {
  const answered = await asked;
  if (answered.kind !== "granted") request.answer(answered);
  else await subscribeGranted(hub, request, options, answered.grant);
}

function subscribeGranted(
  hub: HubOfSubscribe,
  request: SubscribeRequest,
  options: ChannelOptions,
  grant: SubscriptionGrant,
): Promise<void> | undefined {
  const subscribeNow = () => openAndSubscribe(hub, request, options, grant);
  return request.command.recover ? withinBudget(hub, request, subscribeNow) : subscribeNow();
}

function openAndSubscribe(
  hub: HubOfSubscribe,
  request: SubscribeRequest,
  options: ChannelOptions,
  grant: SubscriptionGrant,
): Promise<void> | undefined {
  const { session, command } = request;
  const { channel } = command;
  if (!mayLookUp(request) || !mayCallHome(hub, request, channel)) return undefined;
  const hasToken = command.token !== "" && !hub.renewals.renewsSubscriptions;
  const subscription = grantSubscription(
    { user: session.state.user, insecure: hub.config.connection.insecure },
    { ...command, hasToken, isServerSide: false, isAdded: false },
    options,
    grant,
  );
  if (hub.isHomeOf(channel)) {
    finish(hub, request, subscription, openHere(hub, subscription));
    return undefined;
  }
  const finishLater = async (opening: Opening) => {
    await untilBudget(hub, session);
    finish(hub, request, subscription, opening);
  };
  if (subscription.recovery === undefined) return openElsewhere(hub, subscription).then(finishLater);
  return readElsewhere<Opening>(request, {
    ask: (length) => openElsewhere(hub, subscription, length),
    isLong: ({ isLong }) => isLong === true,
    discard: (opening) => opening.abandon(),
    tell: finishLater,
  });
}

function finish(
  hub: HubOfSubscribe,
  request: SubscribeRequest,
  subscription: GrantedSubscription,
  opening: Opening,
): void {
  const { session } = request;
  if (session.isClosed || !mayAnswerAtLength(request)) {
    opening.abandon();
    return;
  }
  // What was read in vain has cost as much.
  if (opening.isLong) session.charge(hub.config.connection.replyMaxLength);
  request.answer(commitSubscription(hub, session, subscription, opening));
}
