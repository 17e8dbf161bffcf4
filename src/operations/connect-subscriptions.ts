import type { SubscriptionGrant } from "../channels/hooks.ts";
import type { ConnectCommand, Push, SubscribeResult } from "../protocol/messages.ts";
import { logFieldsOf } from "../sessions/log-fields.ts";
import type { Session } from "../sessions/session.ts";
import { DISCONNECTS, ERRORS } from "../shared/codes.ts";
import { logEvent } from "../shared/log.ts";
import { closeWith, failWith } from "../shared/refusal.ts";
import type { Credentials } from "./credentials.ts";
import type { GrantedSubscription } from "./granted-subscription.ts";
import { type HubOfOpening, openHere } from "./opening.ts";
import { lengthOfHistories, lengthOfHistory, type Openings } from "./openings.ts";
import { type Granted, granted } from "./operation.ts";
import { grantServerSide, type HubOfServerSideGrant } from "./server-side.ts";
import { commitSubscription, type HubOfSubscribing } from "./subscribing.ts";

/** What the server-side subscriptions of a connect need of the hub. */
export type HubOfConnectSubscriptions = HubOfServerSideGrant &
  HubOfOpening &
  HubOfSubscribing & {
    personalChannelOf(user: string): string | undefined;
  };

/** Grants what the token or the hook names, and the personal channel of the user. */
export function grantAll(
  hub: HubOfConnectSubscriptions,
  session: Session,
  command: ConnectCommand,
  { user, subs }: Credentials,
): Granted<readonly GrantedSubscription[]> {
  const grants = new Map<string, SubscriptionGrant>(Object.entries(subs));
  const { personalChannel, channelLimit } = hub.config.connection;
  const own = hub.personalChannelOf(user);
  if (own !== undefined && !grants.has(own)) grants.set(own, {});
  // Nothing of the user's id may be in the log.
  if (own === undefined && personalChannel.enabled && user !== "")
    logEvent("hub.no_personal_channel", logFieldsOf(session));
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

/** What the reply says of server-side subscriptions, and what is pushed after it. Undefined: one of them failed. */
export function subscribeAll(
  hub: HubOfConnectSubscriptions,
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
