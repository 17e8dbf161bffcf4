import type { HubCore } from "../../durable-objects/hub/core.ts";
import { infoOf } from "../presence/members.ts";
import { encodeInfo } from "../protocol/json/encode.ts";
import type { Session } from "../sessions/session.ts";
import type { Subscription } from "../sessions/state.ts";
import { type CloseDefinition, DISCONNECTS } from "../shared/codes.ts";

/** Who of this hub is in which channel: lets sessions in and out, and has others told. */
export class Membership {
  readonly #core: HubCore;

  constructor(core: HubCore) {
    this.#core = core;
  }

  /** Lets a session into a channel. Word of it goes out after whatever the caller has queued. */
  add(session: Session, subscription: Subscription): void {
    const { locals, events, counters } = this.#core;
    const { channel } = subscription;
    const isFirst = !locals.has(channel);
    session.addSubscription(subscription);
    session.change();
    locals.add(session, subscription);
    this.#core.presence.changed(channel);
    events?.joined(session, channel, isFirst);
    counters.subscriptions += 1;
    this.#announce("join", session, subscription);
  }

  /** Takes a session out of a channel. Returns false when it was not in it. */
  remove(session: Session, channel: string): boolean {
    const subscription = session.subscriptions.get(channel);
    if (subscription === undefined) return false;
    const { locals, events } = this.#core;
    session.deleteSubscription(channel);
    session.change();
    locals.remove(session, channel);
    this.#core.presence.changed(channel);
    if (!locals.has(channel)) this.#core.vacated(channel);
    events?.left(session, channel, !locals.has(channel));
    this.#announce("leave", session, subscription);
    return true;
  }

  /** Changes a subscription that a session has. */
  replace(session: Session, subscription: Subscription): void {
    session.addSubscription(subscription);
    this.#core.locals.add(session, subscription);
    this.#core.presence.changed(subscription.channel);
    session.change();
  }

  /** Ends one subscription from this side. */
  unsubscribe(session: Session, subscription: Subscription, why: CloseDefinition): void {
    if (subscription.isServerSide && why.reconnect) {
      // A client does not come back to a server-side subscription by itself.
      session.disconnect(DISCONNECTS.insufficientState);
      return;
    }
    this.#core.counters.unsubscribes.add(why.code);
    this.remove(session, subscription.channel);
    const { code, reason } = why;
    session.push({ kind: "unsubscribe", channel: subscription.channel, code, reason });
  }

  /** Ends every subscription to a channel. */
  endSubscriptions(channel: string, why: CloseDefinition): void {
    const subscribers = this.#core.locals.get(channel)?.subscribers;
    if (subscribers === undefined) return;
    for (const [session, subscription] of [...subscribers]) this.unsubscribe(session, subscription, why);
  }

  /** Takes a closed session out of everything. `code` is that of the close. */
  forget(session: Session, code: number): void {
    const { sessions, userCommands, events } = this.#core;
    session.end();
    sessions.remove(session);
    for (const channel of [...session.subscriptions.keys()]) this.remove(session, channel);
    userCommands.remove(session);
    if (session.state.connected) events?.closed(session, code);
  }

  #announce(kind: "join" | "leave", session: Session, subscription: Subscription): void {
    if (!subscription.isAnnounced) return;
    const { channel, isPresent } = subscription;
    const info = encodeInfo(infoOf(session, subscription));
    session.chargeFanOut(info.length, this.#core.locals.subscriberCount(channel));
    this.#core.publishing.submit({ kind, channel, info, isPresent }, () => {});
  }
}
