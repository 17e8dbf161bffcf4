import type { HubCore } from "../../durable-objects/hub/core.ts";
import type { SubscriptionGrant } from "../channels/hooks.ts";
import type { ChannelOptions } from "../channels/options.ts";
import { maySubscribe } from "../channels/permissions.ts";
import { checkSubscribe } from "../channels/subscribe-checks.ts";
import type { SubscribeCommand, UnsubscribeCommand } from "../protocol/messages.ts";
import { mayAnswerAtLength, mayLookUp, mayWait, untilBudget, withinBudget } from "../sessions/pending.ts";
import type { Session } from "../sessions/session.ts";
import { DISCONNECTS, ERRORS } from "../shared/codes.ts";
import { isOver } from "../shared/expiry.ts";
import type { Opening } from "../streams/follower.ts";
import { askAbout, contextOf, payloadOf } from "./hook.ts";
import { mayCallHome } from "./new-homes.ts";
import { open, recoverElsewhere } from "./opening.ts";
import { commitSubscription, type GrantedSubscription, grantSubscription } from "./subscribing.ts";
import { grantByToken } from "./subscription-token.ts";

/** `subscribe`: checks, in the order in which their answers count, then who decides, then the way in. */
export function subscribe(
  core: HubCore,
  session: Session,
  command: SubscribeCommand,
): Promise<void> | undefined {
  const { id, channel } = command;
  const facts = core.factsOf(channel);
  const check = checkSubscribe({
    command,
    name: facts.check,
    options: facts.options,
    isSubscribed: session.subscriptions.has(channel),
    subscriptions: session.subscriptionCount,
    limit: core.config.connection.channelLimit,
    hasSpace: core.memory.takesSubscriptions,
  });
  if (check.kind === "disconnect") session.disconnect(check.disconnect);
  else if (check.kind === "error") session.fail(id, check.error);
  else {
    const decision = decide(core, session, command, check.options, core.config.hooks.subscribe !== undefined);
    if (decision.kind === "deny") session.fail(id, decision.error);
    else if (decision.kind === "allow") {
      return countSubscribing(session, channel, subscribeGranted(core, session, command, check.options, {}));
    } else if (mayWait(session, command)) {
      const asked =
        decision.kind === "token"
          ? grantByToken(core, session, command)
          : grantByHook(core, session, command, check.options);
      return countSubscribing(
        session,
        channel,
        subscribeWhenGranted(core, session, command, check.options, asked),
      );
    }
  }
  return undefined;
}

/** `unsubscribe`: answered also when there was no such subscription. */
export function unsubscribe(core: HubCore, session: Session, command: UnsubscribeCommand): undefined {
  if (command.channel === "") {
    session.disconnect(DISCONNECTS.badRequest);
    return undefined;
  }
  session.hasLeft(command.channel, command);
  session.reply(command.id, { kind: "unsubscribe" });
  core.membership.remove(session, command.channel);
  return undefined;
}

function decide(
  core: HubCore,
  session: Session,
  command: SubscribeCommand,
  options: ChannelOptions,
  hasHook: boolean,
) {
  return maySubscribe({
    channel: core.factsOf(command.channel).name,
    user: session.state.user,
    options,
    hasToken: command.token !== "",
    hasHook,
    insecure: core.config.connection.insecure,
  });
}

/** Asks the hook; where it has no opinion, the options decide. Undefined: refused, and the client has been told. */
async function grantByHook(
  core: HubCore,
  session: Session,
  command: SubscribeCommand,
  options: ChannelOptions,
): Promise<SubscriptionGrant | undefined> {
  const { id, channel } = command;
  const granted = await askAbout<SubscriptionGrant>(core, session, { hook: "subscribe", id }, () =>
    core.config.hooks.subscribe?.({ ...contextOf(session), channel, ...payloadOf(command.data) }),
  );
  if (granted.kind === "refused") return undefined;
  if (granted.result !== undefined) return unexpired(session, id, granted.result);
  const decision = decide(core, session, command, options, false);
  if (decision.kind === "allow") return {};
  session.fail(id, decision.kind === "deny" ? decision.error : ERRORS.permissionDenied);
  return undefined;
}

function unexpired(session: Session, id: number, grant: SubscriptionGrant): SubscriptionGrant | undefined {
  if (!isOver(grant.expireAt, Date.now())) return grant;
  session.fail(id, ERRORS.expired);
  return undefined;
}

async function subscribeWhenGranted(
  core: HubCore,
  session: Session,
  command: SubscribeCommand,
  options: ChannelOptions,
  asked: Promise<SubscriptionGrant | undefined>,
): Promise<void> {
  const grant = await asked;
  if (grant !== undefined && !session.isClosed)
    await subscribeGranted(core, session, command, options, grant);
}

function subscribeGranted(
  core: HubCore,
  session: Session,
  command: SubscribeCommand,
  options: ChannelOptions,
  grant: SubscriptionGrant,
): Promise<void> | undefined {
  const subscribeNow = () => openAndSubscribe(core, session, command, options, grant);
  return command.recover ? withinBudget(core, session, command, subscribeNow) : subscribeNow();
}

function openAndSubscribe(
  core: HubCore,
  session: Session,
  command: SubscribeCommand,
  options: ChannelOptions,
  grant: SubscriptionGrant,
): Promise<void> | undefined {
  if (!mayLookUp(session, command.id)) return undefined;
  if (!mayCallHome(core, session, command.id, command.channel)) return undefined;
  const request = {
    ...command,
    isServerSide: false,
    hasToken: command.token !== "" && !core.renewals.renewsSubscriptions,
  };
  const granted = grantSubscription(core, session, command.channel, options, request, grant);
  const subscribeLater = async (opening: Opening) => {
    await untilBudget(core, session);
    complete(core, session, command.id, granted, opening);
  };
  if (granted.recovery !== undefined && !core.isHomeOf(command.channel))
    return recoverElsewhere(core, session, command.id, granted, subscribeLater);
  const opening = open(core, granted);
  if (opening instanceof Promise) return opening.then(subscribeLater);
  complete(core, session, command.id, granted, opening);
  return undefined;
}

function complete(
  core: HubCore,
  session: Session,
  id: number,
  granted: GrantedSubscription,
  opening: Opening,
): void {
  if (session.isClosed || !mayAnswerAtLength(session, id)) {
    opening.abandon();
    return;
  }
  // What was read in vain has cost as much.
  if (opening.isLong) session.charge(core.config.connection.replyMaxLength);
  const subscribed = commitSubscription(core, session, granted, opening);
  if (subscribed.kind === "refused") {
    session.fail(id, subscribed.error);
    return;
  }
  session.reply(id, { kind: "subscribe", ...subscribed.result });
  for (const push of subscribed.pushes) session.push(push);
}

/** Counts a subscription that is being set up against the limit of the session. */
function countSubscribing(
  session: Session,
  channel: string,
  running: Promise<void> | undefined,
): Promise<void> | undefined {
  if (running === undefined) return undefined;
  session.startSubscribing(channel);
  return running.finally(() => {
    session.endSubscribing(channel);
  });
}
