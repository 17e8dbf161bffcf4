import type { ChannelFacts } from "../channels/channel-facts.ts";
import { infoLength } from "../hub-rpc/lengths.ts";
import type { Counters } from "../metrics/counters.ts";
import { infoOf } from "../presence/members.ts";
import type { Presence } from "../presence/presence.ts";
import type { Session } from "../sessions/session.ts";
import type { Subscription } from "../sessions/state.ts";
import { type CloseDefinition, DISCONNECTS } from "../shared/codes.ts";
import type { LocalChannels } from "../streams/local-channels.ts";
import type { Publishing } from "./publishing.ts";

/** What membership needs of the hub. */
export interface HubOfMembership {
  readonly locals: LocalChannels;
  readonly presence: Pick<Presence, "changed">;
  readonly publishing: Pick<Publishing, "submit">;
  readonly counters: Pick<Counters, "subscriptions" | "subscribedIn" | "unsubscribes">;
  factsOf(channel: string): ChannelFacts;
  readonly sessions: { remove(session: Session): void };
  readonly userCommands: { remove(session: Session): void };
  /** Undefined where no backend is told. */
  readonly events:
    | {
        joined(session: Session, channel: string, isFirst: boolean): void;
        left(session: Session, channel: string, isLast: boolean): void;
        closed(session: Session, code: number): void;
      }
    | undefined;
  /** Nobody here is subscribed to a channel any more. */
  vacated(channel: string): void;
}

/** Which sessions of this hub are subscribed to which channels. Whoever is to know of a change is told. */
export class Membership {
  readonly #hub: HubOfMembership;

  constructor(hub: HubOfMembership) {
    this.#hub = hub;
  }

  /** Subscribes a session to a channel. The join is announced after whatever the caller queues. */
  add(session: Session, subscription: Subscription): void {
    const { locals, events, counters } = this.#hub;
    const { channel } = subscription;
    const isFirst = !locals.has(channel);
    session.addSubscription(subscription);
    session.change();
    locals.add(session, subscription);
    this.#hub.presence.changed(channel);
    events?.joined(session, channel, isFirst);
    counters.subscriptions += 1;
    counters.subscribedIn.add(this.#hub.factsOf(channel).name.namespace);
    this.#announce("join", session, subscription);
  }

  /** Ends the subscription of a session. Returns false when there was none. */
  remove(session: Session, channel: string): boolean {
    const subscription = session.subscriptions.get(channel);
    if (subscription === undefined) return false;
    const { locals, events } = this.#hub;
    session.deleteSubscription(channel);
    session.change();
    locals.remove(session, channel);
    this.#hub.presence.changed(channel);
    if (!locals.has(channel)) this.#hub.vacated(channel);
    events?.left(session, channel, !locals.has(channel));
    this.#announce("leave", session, subscription);
    return true;
  }

  /** Changes a subscription that a session has. */
  replace(session: Session, subscription: Subscription): void {
    session.addSubscription(subscription);
    this.#hub.locals.add(session, subscription);
    this.#hub.presence.changed(subscription.channel);
    session.change();
  }

  /** Ends one subscription from this side. */
  unsubscribe(session: Session, subscription: Subscription, why: CloseDefinition): void {
    if (subscription.isServerSide && why.reconnect) {
      // A client does not come back to a server-side subscription by itself.
      session.disconnect(DISCONNECTS.insufficientState);
      return;
    }
    this.#hub.counters.unsubscribes.add(why.code);
    this.remove(session, subscription.channel);
    const { code, reason } = why;
    session.push({ kind: "unsubscribe", channel: subscription.channel, code, reason });
  }

  /** Ends every subscription to a channel. */
  endSubscriptions(channel: string, why: CloseDefinition): void {
    const subscribers = this.#hub.locals.get(channel)?.subscribers;
    if (subscribers === undefined) return;
    for (const [session, subscription] of [...subscribers]) this.unsubscribe(session, subscription, why);
  }

  /** Ends all subscriptions of a session that has been closed. `code` is that of the close. */
  forget(session: Session, code: number): void {
    const { sessions, userCommands, events } = this.#hub;
    session.end();
    sessions.remove(session);
    for (const channel of [...session.subscriptions.keys()]) this.remove(session, channel);
    userCommands.remove(session);
    if (session.state.connected) events?.closed(session, code);
  }

  #announce(kind: "join" | "leave", session: Session, subscription: Subscription): void {
    if (!subscription.isAnnounced) return;
    const { channel, isPresent } = subscription;
    const info = infoOf(session, subscription);
    session.chargeFanOut(infoLength(info), this.#hub.locals.subscriberCount(channel));
    this.#hub.publishing.submit({ kind, channel, info, isPresent }, () => {});
  }
}
