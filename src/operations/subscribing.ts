import { decideRecovery } from "../channels/recovery.ts";
import type { Counters } from "../metrics/counters.ts";
import type { Push, SubscribeReply, WirePublication } from "../protocol/messages.ts";
import type { Memory } from "../sessions/memory.ts";
import type { Session } from "../sessions/session.ts";
import { ERRORS } from "../shared/codes.ts";
import { failWith } from "../shared/refusal.ts";
import { type Opening, OpeningOverflow } from "../streams/follower.ts";
import { expiryOf, type HubOfExpiry } from "./expiry.ts";
import type { GrantedSubscription } from "./granted-subscription.ts";
import type { Membership } from "./membership.ts";
import { done, type Outcome } from "./operation.ts";

/** What subscribing a session needs of the hub. */
export type HubOfSubscribing = HubOfExpiry & {
  readonly memory: Pick<Memory, "takesSubscriptions">;
  readonly membership: Pick<Membership, "add">;
  readonly counters: Pick<Counters, "noteRecovery">;
};

/** Every way to a subscription ends here: the channel is open, and the session is subscribed in one step. */
export function commitSubscription(
  hub: HubOfSubscribing,
  session: Session,
  { subscription, recovery, flag, data }: GrantedSubscription,
  opening: Opening,
): Outcome<SubscribeReply> {
  if (!hub.memory.takesSubscriptions) {
    opening.abandon();
    return failWith(ERRORS.tooManyRequests);
  }
  const stream = { offset: opening.offset, epoch: opening.epoch };
  const { first = 1, publications = [] } = opening.history ?? {};
  const missed = publications.map((publication, index) => ({ offset: first + index, publication }));
  const decision = recovery && decideRecovery({ ...recovery, stream, missed, flag });
  if (decision?.kind === "refused") {
    opening.abandon();
    return failWith(decision.error);
  }
  const meanwhile = commit(opening);
  if (meanwhile === undefined) return failWith(ERRORS.internal);
  const recovered = decision?.kind === "recovered";
  const wasRecovering = decision !== undefined && decision.kind !== "none";
  hub.membership.add(session, subscription);
  if (wasRecovering) hub.counters.noteRecovery(recovered, recovered ? decision.publications.length : 0);
  if (subscription.expireAt !== undefined) hub.wakeForExpiry(session);
  const { channel, isPositioned, isRecoverable } = subscription;
  const reply: SubscribeReply = {
    kind: "subscribe",
    ...expiryOf(subscription),
    recoverable: isRecoverable,
    positioned: isPositioned,
    epoch: isPositioned ? opening.epoch : "",
    offset: isPositioned ? (decision?.offset ?? opening.offset) : 0,
    publications: recovered ? decision.publications.map(({ publication }) => publication) : [],
    recovered,
    wasRecovering,
    data,
  };
  return done(reply, pushesOf(channel, meanwhile));
}

/** Publications as they are pushed, where no reply has a place for them. */
export function pushesOf(channel: string, publications: readonly WirePublication[]): Push[] {
  return publications.map((publication) => ({ kind: "publication", channel, publication }));
}

/** What was published while the channel was opened; undefined: too much, and the opening is given up. */
function commit(opening: Opening): readonly WirePublication[] | undefined {
  try {
    return opening.commit();
  } catch (failure) {
    if (failure instanceof OpeningOverflow) return undefined;
    throw failure;
  }
}

/** Counts a subscription that is being set up against the limit of the session. */
export function countSubscribing(
  session: Session,
  channel: string,
  running: Promise<void> | undefined,
): Promise<void> | undefined {
  if (running === undefined) return undefined;
  session.changing.start(channel);
  return running.finally(() => {
    session.changing.end(channel);
  });
}
