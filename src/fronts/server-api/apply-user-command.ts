import type {
  RefreshUserCommand,
  SubscribeUserCommand,
  UnsubscribeUserCommand,
  UserCommand,
} from "../../hub-rpc/management.ts";
import type { Counters } from "../../metrics/counters.ts";
import { inOrderForServer } from "../../operations/channel-order.ts";
import { expiryOf, type HubOfExpiry, renewConnection } from "../../operations/expiry.ts";
import { closeOf } from "../../operations/hook.ts";
import type { Membership } from "../../operations/membership.ts";
import type { Outcome } from "../../operations/operation.ts";
import { type HubOfSubscribeUser, subscribeUser } from "../../operations/server-side.ts";
import { pushesOf } from "../../operations/subscribing.ts";
import type { SubscribeReply } from "../../protocol/messages.ts";
import type { Session } from "../../sessions/session.ts";
import { DISCONNECTS, UNSUBSCRIBES } from "../../shared/codes.ts";
import { isOver } from "../../shared/expiry.ts";

/** What commands on users need of the hub. */
export type HubOfUserCommand = HubOfSubscribeUser &
  HubOfExpiry & {
    readonly membership: Pick<Membership, "remove">;
    readonly counters: Pick<Counters, "unsubscribes">;
  };

/** Does to one session what a backend wants done to a user. */
export function applyUserCommand(hub: HubOfUserCommand, session: Session, command: UserCommand): void {
  switch (command.action) {
    case "disconnect":
      session.disconnect(closeOf(command));
      return;
    case "refresh":
      refresh(hub, session, command);
      return;
    case "unsubscribe":
      unsubscribe(hub, session, command);
      return;
    case "subscribe":
      subscribe(hub, session, command);
  }
}

function refresh(
  hub: HubOfUserCommand,
  session: Session,
  { isExpired, expireAt, info }: RefreshUserCommand,
): void {
  if (isExpired || isOver(expireAt, Date.now())) {
    session.disconnect(DISCONNECTS.expired);
    return;
  }
  renewConnection(hub, session, { expireAt, info });
  session.push({ kind: "refresh", ...expiryOf({ expireAt, hasToken: true }) });
}

function unsubscribe(hub: HubOfUserCommand, session: Session, command: UnsubscribeUserCommand): void {
  const { channel } = command;
  const { code, reason } = UNSUBSCRIBES.server;
  const channels =
    channel === "" ? [...session.subscriptions.keys(), ...(session.busyChannels?.keys() ?? [])] : [channel];
  for (const name of new Set(channels)) {
    // After what is under way: a subscribe that has begun must not outlive this.
    session.changing.startLeaving(name, command);
    inOrderForServer(session, name, () => {
      session.changing.hasLeft(name, command);
      const wasSubscribed = hub.membership.remove(session, name);
      if (wasSubscribed) hub.counters.unsubscribes.add(code);
      // A client that is not subscribed may be trying to, and is to stop; but only where it was named.
      if (wasSubscribed || channel !== "") session.push({ kind: "unsubscribe", channel: name, code, reason });
      return undefined;
    });
  }
}

function subscribe(hub: HubOfUserCommand, session: Session, command: SubscribeUserCommand): void {
  const { channel } = command;
  const answer = (outcome: Outcome<SubscribeReply>) => tell(session, channel, outcome);
  session.changing.cancelLeaving(channel);
  inOrderForServer(session, channel, () => subscribeUser(hub, { session, command, answer }));
}

/** Nobody waits for an error: the backend has its answer already. */
function tell(session: Session, channel: string, outcome: Outcome<SubscribeReply>): void {
  if (outcome.kind === "disconnect") session.disconnect(outcome.disconnect);
  if (outcome.kind !== "done") return;
  const { result, pushes } = outcome;
  session.push({ ...result, kind: "subscribe", channel });
  // The push has no place for what was recovered, so it follows as if it were published now.
  for (const push of [...pushesOf(channel, result.publications), ...pushes]) session.push(push);
}
