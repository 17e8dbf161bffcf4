import type { HookOutcome } from "../channels/hook-outcome.ts";
import type { RefreshGrant, SubscriptionRefreshGrant } from "../channels/hooks.ts";
import type { ResolvedConfig } from "../config/config.ts";
import { logFieldsOf } from "../sessions/log-fields.ts";
import type { Session } from "../sessions/session.ts";
import type { Subscription } from "../sessions/state.ts";
import { DISCONNECTS, UNSUBSCRIBES } from "../shared/codes.ts";
import { isOver } from "../shared/expiry.ts";
import { PROXY_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import { type HubOfSubscriptionRenewal, renewConnection, renewSubscription } from "./expiry.ts";
import { askAndNote, closeOf, contextOf, type HookQuestion, type HubOfHooks, json } from "./hook.ts";
import type { Membership } from "./membership.ts";

/** What renewals need of the hub. */
export type HubOfRenewals = HubOfHooks &
  HubOfSubscriptionRenewal & {
    readonly config: Pick<ResolvedConfig, "hooks">;
    readonly membership: Pick<Membership, "unsubscribe">;
  };

/** What a hook has decided about something that has expired. */
type Verdict<Grant> =
  | { readonly kind: "renew"; readonly grant: Grant }
  | { readonly kind: "retry"; readonly at: number }
  | { readonly kind: "expired" }
  | { readonly kind: "closed" };

/** Asks the hooks about connections and subscriptions that have expired: their clients know nothing of it. */
export class Renewals {
  readonly #hub: HubOfRenewals;
  readonly #asking = new WeakSet<Session | Subscription>();
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;

  constructor(hub: HubOfRenewals) {
    this.#hub = hub;
  }

  /** Whether connections are renewed by a hook, and not by their clients. */
  get renewsConnections(): boolean {
    return this.#hub.config.hooks.refresh !== undefined;
  }

  get renewsSubscriptions(): boolean {
    return this.#hub.config.hooks.refreshSubscription !== undefined;
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

  #ask(about: Session | Subscription, session: Session, work: () => Promise<void>): void {
    if (this.#asking.has(about)) return;
    this.#asking.add(about);
    this.#waiting.push(() =>
      work()
        .catch((failure) => logFailure("hub.renewal_failed", failure, logFieldsOf(session)))
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
    const verdict = await ask<RefreshGrant>(this.#hub, session, {
      hook: "refresh",
      ask: () => this.#hub.config.hooks.refresh?.(contextOf(session)),
    });
    if (verdict.kind === "closed" || session.isClosed) return;
    if (verdict.kind === "expired") {
      session.disconnect(DISCONNECTS.expired);
      return;
    }
    const renewal =
      verdict.kind === "retry"
        ? { expireAt: verdict.at }
        : {
            expireAt: verdict.grant.expireAt,
            info: json(verdict.grant.info),
            meta: json(verdict.grant.meta),
          };
    this.#asking.delete(session);
    renewConnection(this.#hub, session, renewal);
  }

  async #renewSubscription(session: Session, subscription: Subscription): Promise<void> {
    const { channel, isServerSide } = subscription;
    const isGone = () => session.isClosed || session.subscriptions.get(channel) !== subscription;
    if (isGone()) return;
    const verdict = await ask<SubscriptionRefreshGrant>(this.#hub, session, {
      hook: "refreshSubscription",
      ask: () => this.#hub.config.hooks.refreshSubscription?.({ ...contextOf(session), channel }),
    });
    if (verdict.kind === "closed" || isGone()) return;
    if (verdict.kind === "expired") {
      if (isServerSide) session.disconnect(DISCONNECTS.subscriptionExpired);
      else this.#hub.membership.unsubscribe(session, subscription, UNSUBSCRIBES.expired);
      return;
    }
    const renewal =
      verdict.kind === "retry"
        ? { expireAt: verdict.at }
        : { expireAt: verdict.grant.expireAt, info: json(verdict.grant.info) };
    renewSubscription(this.#hub, session, subscription, renewal);
  }
}

async function ask<Grant extends SubscriptionRefreshGrant>(
  hub: HubOfHooks,
  session: Session,
  question: HookQuestion<Grant>,
): Promise<Verdict<Grant>> {
  const outcome = await askAndNote(hub, session, question);
  if (outcome.kind !== "disconnect") return verdictOf(outcome, Date.now());
  session.disconnect(closeOf(outcome.disconnect));
  return { kind: "closed" };
}

function verdictOf<Grant extends SubscriptionRefreshGrant>(
  outcome: Exclude<HookOutcome<Grant>, { kind: "disconnect" }>,
  now: number,
): Verdict<Grant> {
  if (outcome.kind === "none") return { kind: "expired" };
  if (outcome.kind === "error")
    return { kind: "retry", at: Math.ceil((now + PROXY_LIMITS.refreshRetry) / 1000) };
  const { expired, expireAt } = outcome.result;
  return expired === true || isOver(expireAt, now)
    ? { kind: "expired" }
    : { kind: "renew", grant: outcome.result };
}
