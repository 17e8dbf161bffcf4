import type { HubCore } from "../../durable-objects/hub/core.ts";
import { askHook, type HookOutcome } from "../channels/hook-outcome.ts";
import type {
  Awaitable,
  HookContext,
  HookRefusal,
  Hooks,
  SubscriptionRefreshGrant,
} from "../channels/hooks.ts";
import type { Session } from "../sessions/session.ts";
import type { Subscription } from "../sessions/state.ts";
import { DISCONNECTS, mayReconnect, UNSUBSCRIBES } from "../shared/codes.ts";
import { isOver } from "../shared/expiry.ts";
import { PROXY_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import { contextOf, json } from "./hook.ts";

/** What a hook has decided about something that has expired. */
type Verdict<Grant> =
  | { readonly kind: "goes on"; readonly grant: Grant }
  | { readonly kind: "ask again"; readonly at: number }
  | { readonly kind: "over" }
  | { readonly kind: "closed" };

/** Asks the hooks about connections and subscriptions that have expired: their clients know nothing of it. */
export class Renewals {
  readonly #core: HubCore;
  readonly #asking = new WeakSet<Session | Subscription>();
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;

  constructor(core: HubCore) {
    this.#core = core;
  }

  /** Whether connections are renewed by a hook, and not by their clients. */
  get renewsConnections(): boolean {
    return this.#core.config.hooks.refresh !== undefined;
  }

  get renewsSubscriptions(): boolean {
    return this.#core.config.hooks.refreshSubscription !== undefined;
  }

  /** Whether the answer about a session or a subscription is still to come. */
  isAsking(about: Session | Subscription): boolean {
    return this.#asking.has(about);
  }

  /** Has a connection renewed that has expired. */
  renewConnection(session: Session): void {
    this.#ask(session, session, () => this.#renewConnection(session));
  }

  /** Has a subscription renewed that has expired. */
  renewSubscription(session: Session, subscription: Subscription): void {
    this.#ask(subscription, session, () => this.#renewSubscription(session, subscription));
  }

  #ask(about: Session | Subscription, { state }: Session, work: () => Promise<void>): void {
    if (this.#asking.has(about)) return;
    this.#asking.add(about);
    this.#waiting.push(() =>
      work()
        .catch((failure) => logFailure("hub.renewal_failed", failure, { client: state.client }))
        .finally(() => this.#asking.delete(about)),
    );
    this.#next();
  }

  /** Many connections may expire at once, and a backend should not have to answer for all of them at once. */
  #next(): void {
    if (this.#running >= PROXY_LIMITS.refreshes) return;
    const work = this.#waiting.shift();
    if (work === undefined) return;
    this.#running += 1;
    void work().finally(() => {
      this.#running -= 1;
      this.#next();
    });
  }

  async #renewConnection(session: Session): Promise<void> {
    if (session.isClosed) return;
    const verdict = await ask(this.#core, session, "refresh", (context) =>
      this.#core.config.hooks.refresh?.(context),
    );
    if (session.isClosed) return;
    const { state } = session;
    switch (verdict.kind) {
      case "closed":
        return;
      case "over":
        session.disconnect(DISCONNECTS.expired);
        return;
      case "ask again":
        state.expireAt = verdict.at;
        break;
      case "goes on":
        state.expireAt = verdict.grant.expireAt;
        state.info = json(verdict.grant.info) ?? state.info;
        state.meta = json(verdict.grant.meta) ?? state.meta;
    }
    session.change();
    this.#asking.delete(session);
    this.#core.wakeForExpiry(session);
  }

  async #renewSubscription(session: Session, subscription: Subscription): Promise<void> {
    const { channel, isServerSide } = subscription;
    const isGone = () => session.isClosed || session.subscriptions.get(channel) !== subscription;
    if (isGone()) return;
    const verdict = await ask(this.#core, session, "refreshSubscription", (context) =>
      this.#core.config.hooks.refreshSubscription?.({ ...context, channel }),
    );
    if (verdict.kind === "closed" || isGone()) return;
    if (verdict.kind === "over") {
      if (isServerSide) session.disconnect(DISCONNECTS.subscriptionExpired);
      else this.#core.membership.unsubscribe(session, subscription, UNSUBSCRIBES.expired);
      return;
    }
    const renewed =
      verdict.kind === "ask again"
        ? { ...subscription, expireAt: verdict.at }
        : {
            ...subscription,
            expireAt: verdict.grant.expireAt,
            info: json(verdict.grant.info) ?? subscription.info,
          };
    this.#core.membership.replace(session, renewed);
    this.#core.wakeForExpiry(session);
  }
}

async function ask<Grant extends SubscriptionRefreshGrant>(
  { counters }: HubCore,
  session: Session,
  hook: keyof Hooks,
  question: (context: HookContext) => Awaitable<Grant | HookRefusal | undefined>,
): Promise<Verdict<Grant>> {
  const outcome = await askHook<Grant>(() => question(contextOf(session)));
  if (outcome.kind === "disconnect") {
    session.disconnect({ ...outcome.disconnect, reconnect: mayReconnect(outcome.disconnect.code) });
    return { kind: "closed" };
  }
  if (outcome.kind === "error" && outcome.failure !== undefined) {
    counters.hookFailures.add(hook);
    logFailure("hub.hook_failed", outcome.failure, { client: session.state.client });
  }
  return verdictOf(outcome, Date.now());
}

function verdictOf<Grant extends SubscriptionRefreshGrant>(
  outcome: Exclude<HookOutcome<Grant>, { kind: "disconnect" }>,
  now: number,
): Verdict<Grant> {
  if (outcome.kind === "none") return { kind: "over" };
  if (outcome.kind === "error")
    return { kind: "ask again", at: Math.ceil((now + PROXY_LIMITS.refreshRetry) / 1000) };
  const { expired, expireAt } = outcome.result;
  return expired === true || isOver(expireAt, now)
    ? { kind: "over" }
    : { kind: "goes on", grant: outcome.result };
}
