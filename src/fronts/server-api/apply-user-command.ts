import type { HubCore } from "../../../durable-objects/hub/core.ts";
import type {
  RefreshUserCommand,
  SubscribeUserCommand,
  UnsubscribeUserCommand,
  UserCommand,
} from "../../hub-rpc/management.ts";
import { open } from "../../operations/opening.ts";
import {
  commitSubscription,
  expiryOf,
  type GrantedSubscription,
  grantSubscription,
} from "../../operations/subscribing.ts";
import { parsePayload } from "../../protocol/json/payload.ts";
import type { Session } from "../../sessions/session.ts";
import { DISCONNECTS, mayReconnect, UNSUBSCRIBES } from "../../shared/codes.ts";
import { isOver } from "../../shared/expiry.ts";
import { logEvent, logFailure } from "../../shared/log.ts";
import type { Opening } from "../../streams/follower.ts";
import { onChannel } from "../centrifugo/dispatch.ts";

/** Does to one session what a backend wants done to a user. */
export function applyUserCommand(core: HubCore, session: Session, command: UserCommand): void {
  switch (command.action) {
    case "disconnect":
      session.disconnect({
        code: command.code,
        reason: command.reason,
        reconnect: mayReconnect(command.code),
      });
      return;
    case "refresh":
      refresh(core, session, command);
      return;
    case "unsubscribe":
      unsubscribe(core, session, command);
      return;
    case "subscribe":
      session.cancelLeaving(command.channel);
      onChannel(session, command.channel, undefined, () => subscribe(core, session, command));
  }
}

function refresh(core: HubCore, session: Session, { isExpired, expireAt, info }: RefreshUserCommand): void {
  if (isExpired || isOver(expireAt, Date.now())) {
    session.disconnect(DISCONNECTS.expired);
    return;
  }
  const { state } = session;
  state.expireAt = expireAt;
  state.info = info ?? state.info;
  session.change();
  core.wakeForExpiry(session);
  session.push({ kind: "refresh", ...expiryOf({ expireAt, hasToken: true }) });
}

function unsubscribe(core: HubCore, session: Session, command: UnsubscribeUserCommand): void {
  const { channel } = command;
  const { code, reason } = UNSUBSCRIBES.server;
  const channels =
    channel === "" ? [...session.subscriptions.keys(), ...(session.busyChannels?.keys() ?? [])] : [channel];
  for (const name of new Set(channels)) {
    // After what is under way: a subscribe that has begun must not outlive this.
    session.startLeaving(name, command);
    onChannel(session, name, undefined, () => {
      session.hasLeft(name, command);
      const wasSubscribed = core.membership.remove(session, name);
      if (wasSubscribed) core.counters.unsubscribes.add(code);
      // A client that is not subscribed may be trying to, and is to stop; but only where it was named.
      if (wasSubscribed || channel !== "") session.push({ kind: "unsubscribe", channel: name, code, reason });
      return undefined;
    });
  }
}

function subscribe(
  core: HubCore,
  session: Session,
  command: SubscribeUserCommand,
): Promise<void> | undefined {
  const { channel, expireAt } = command;
  const { options, check } = core.factsOf(channel);
  const { channelLimit } = core.config.connection;
  const isFull = session.subscriptionCount >= channelLimit || !core.memory.takesSubscriptions;
  if (session.isClosed || session.subscriptions.has(channel) || isOver(expireAt, Date.now()))
    return undefined;
  if (options === undefined || check !== "ok" || isFull) {
    logEvent("hub.user_subscribe_refused", { client: session.state.client, isFull });
    return undefined;
  }
  const request = {
    positioned: false,
    recoverable: false,
    joinLeave: false,
    recover: command.recoverSince,
    flag: 0,
    isServerSide: true,
    isAdded: true,
    hasToken: false,
  };
  const grant = {
    info: parsePayload(command.info),
    data: parsePayload(command.data),
    override: command.override,
    ...(expireAt === undefined ? {} : { expireAt }),
  };
  const granted = grantSubscription(core, session, channel, options, request, grant);
  const opening = open(core, granted);
  if (!(opening instanceof Promise)) {
    complete(core, session, granted, opening);
    return undefined;
  }
  session.startSubscribing(channel);
  return opening
    .then(
      (opened) => complete(core, session, granted, opened),
      (failure) => {
        logFailure("hub.user_subscribe_failed", failure, { client: session.state.client });
        bringBack(session);
      },
    )
    .finally(() => {
      session.endSubscribing(channel);
    });
}

/** The backend has been told that all is well, so the client must not go on without the subscription. */
function bringBack(session: Session): void {
  session.disconnect(DISCONNECTS.insufficientState);
}

function complete(core: HubCore, session: Session, granted: GrantedSubscription, opening: Opening): void {
  if (session.isClosed) {
    opening.abandon();
    return;
  }
  const { channel } = granted.subscription;
  const subscribed = commitSubscription(core, session, granted, opening);
  if (subscribed.kind === "refused") {
    logEvent("hub.user_subscribe_refused", { client: session.state.client, code: subscribed.error.code });
    bringBack(session);
    return;
  }
  session.push({ kind: "subscribe", channel, ...subscribed.result });
  // The push has no place for what was recovered, so it follows as if it were published now.
  for (const publication of subscribed.result.publications)
    session.push({ kind: "publication", channel, publication });
  for (const push of subscribed.pushes) session.push(push);
  core.wakeForExpiry(session);
}
