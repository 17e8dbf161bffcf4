/** One subscription on the page: it listens to its channel, and acts for whoever uses its panel. */

import { compactJson, findJsonProblem } from "../json-text.ts";
import { redraw } from "../redraw.ts";
import { describeError, describeUnsubscribe } from "./code-words.ts";
import { type Member, Members } from "./members.ts";
import { shortName } from "./panel-rows.ts";
import { PanelView, type Picture } from "./panel-view.ts";
import { describeOutcome, type Publication, Publications, type Row, rowsOfHistory } from "./publications.ts";
import type { ChannelListener, ChannelSession, Subscribed } from "./session.ts";

export interface PanelOptions {
  readonly channel: string;
  /** Subscribed by the server: the page can neither leave it nor forget it. */
  readonly isServerSide: boolean;
  readonly session: ChannelSession;
  /** Whether a client id is, or was, the one of this page. */
  isOwn(client: string): boolean;
  /** Takes the panel off the page. */
  removed(): void;
  /** The subscription has another state. */
  changed(): void;
  /** @param problem why the subscription was refused or has failed; empty when it is there. */
  refused(problem: string): void;
}

const HISTORY_LIMIT = 100;
const BY_USER = 0;
const NO_CONNECTION = 1;

export class Panel implements ChannelListener {
  readonly #options: PanelOptions;
  readonly #view: PanelView;
  readonly #publications = new Publications();
  readonly #members = new Members();
  #state: Picture["state"] = "unsubscribed";
  #isConnected = false;
  #isRecovering = false;
  /** What history answered, while that is shown. */
  #stored: readonly Row[] | undefined;

  constructor(options: PanelOptions) {
    this.#options = options;
    this.#view = new PanelView(options.channel, options.isServerSide, this.#nameOf, {
      toggle: () => this.#toggle(),
      remove: () => this.#remove(),
      showLive: () => this.#show(undefined),
      showHistory: () => void this.#askForHistory(),
      publish: (json) => void this.#publish(json),
    });
    redraw(this.#draw);
  }

  get root(): HTMLElement {
    return this.#view.root;
  }

  get isServerSide(): boolean {
    return this.#options.isServerSide;
  }

  get isSubscribed(): boolean {
    return this.#state === "subscribed";
  }

  focus(): void {
    this.#view.focus();
  }

  /** Scrolls the panel into sight, as far as needed. */
  reveal(): void {
    this.root.scrollIntoView({ block: "nearest" });
  }

  enable(isConnected: boolean): void {
    this.#isConnected = isConnected;
    this.#view.enable(isConnected);
    redraw(this.#draw);
  }

  subscribing(code: number, reason: string): void {
    this.#members.reset();
    if (this.#state === "subscribed" && code !== BY_USER) {
      const { name } = describeUnsubscribe(code, reason);
      const why = code === NO_CONNECTION ? "no connection" : `${code} ${name}`;
      this.#publications.note(`${why}: from here on publications are missed`, "bad");
    }
    this.#enter("subscribing");
  }

  subscribed({ streamPosition, wasRecovering, recovered }: Subscribed): void {
    this.#publications.subscribed(streamPosition, wasRecovering, recovered);
    if (wasRecovering && recovered) this.#publications.note("back: recovered", "good");
    if (wasRecovering && !recovered) {
      this.#publications.note("back, but not recovered: what was missed is gone", "bad");
    }
    // The SDK (5.8.0) delivers what was recovered right after this event, before anything asynchronous runs.
    this.#isRecovering = true;
    queueMicrotask(() => {
      this.#isRecovering = false;
    });
    this.#showRefusal("");
    this.#enter("subscribed");
    void this.#askWhoIsThere();
  }

  publication(publication: Publication): void {
    this.#publications.add(publication, this.#isRecovering ? "recovered" : "live", Date.now());
    redraw(this.#draw);
  }

  joined(member: Member): void {
    this.#members.join(member, performance.now());
    redraw(this.#draw);
  }

  left(member: Member): void {
    this.#members.leave(member, performance.now());
    redraw(this.#draw);
  }

  unsubscribed(code: number, reason: string): void {
    const { name, meaning } = describeUnsubscribe(code, reason);
    this.#members.reset();
    if (this.#state === "subscribed") this.#publications.note(`unsubscribed: ${meaning}`, "plain");
    this.#showRefusal(code === BY_USER ? "" : `${code} ${name}. ${meaning}`);
    this.#enter("unsubscribed");
  }

  failed(code: number, message: string): void {
    const { name, meaning } = describeError(code, message);
    this.#showRefusal(`${code} ${name}. ${meaning} It is tried again.`);
  }

  #nameOf = (member: Member): string => (this.#options.isOwn(member.client) ? "you" : shortName(member));

  #toggle(): void {
    const { session, channel } = this.#options;
    if (this.#state === "unsubscribed") session.resubscribe(channel);
    else session.unsubscribe(channel);
  }

  #remove(): void {
    const { session, channel, removed } = this.#options;
    session.forget(channel);
    removed();
  }

  async #publish(text: string): Promise<void> {
    const problem = findJsonProblem(text);
    this.#view.markData(problem !== undefined);
    this.#view.showProblem(problem ?? "");
    if (problem !== undefined) return;
    const { session, channel } = this.#options;
    await session.publish(channel, compactJson(text)).catch((error: unknown) => {
      this.#view.showProblem(`Not published: ${explain(error)}`);
    });
  }

  async #askForHistory(): Promise<void> {
    const { session, channel } = this.#options;
    try {
      const { position, publications } = await session.history(channel, HISTORY_LIMIT);
      const { length } = publications;
      const count = length === 1 ? "1 stored publication" : `${length} stored publications`;
      this.#show(rowsOfHistory(`${count}, ${position}`, publications));
    } catch (error) {
      this.#view.showProblem(`No history: ${explain(error)}`);
    }
  }

  async #askWhoIsThere(): Promise<void> {
    const { session, channel } = this.#options;
    const askedAt = performance.now();
    try {
      const members = await session.presence(channel);
      if (this.#state === "subscribed") this.#members.answer(members, askedAt);
    } catch (error) {
      if (this.#state === "subscribed") this.#view.showProblem(`No presence: ${explain(error)}`);
    }
    redraw(this.#draw);
  }

  #showRefusal(problem: string): void {
    this.#view.showProblem(problem);
    this.#options.refused(problem);
  }

  #enter(state: Picture["state"]): void {
    this.#state = state;
    this.#options.changed();
    redraw(this.#draw);
  }

  #show(stored: readonly Row[] | undefined): void {
    this.#stored = stored;
    redraw(this.#draw);
  }

  #draw = (): void => this.#view.draw(this.#picture());

  #picture(): Picture {
    const { position, total, rows } = this.#publications;
    return {
      state: this.#state,
      stateText: this.#describeState(),
      position,
      received: total,
      recovery: this.#describeRecovery(),
      members: this.#members.list,
      users: this.#members.users,
      isHistory: this.#stored !== undefined,
      rows: this.#stored ?? rows,
    };
  }

  #describeState(): string {
    if (this.#state === "subscribing" && !this.#isConnected) return "waits for a connection";
    return this.#options.isServerSide ? `${this.#state} by the server` : this.#state;
  }

  #describeRecovery(): string {
    const { position, outcome } = this.#publications;
    if (this.#state === "subscribed" && outcome) return describeOutcome(outcome);
    return position ? `will ask for what comes after offset ${position.offset}` : "no position yet";
  }
}

function explain(error: unknown): string {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code !== "number") return String(message ?? error);
  const { name, meaning } = describeError(code, String(message));
  return `${code} ${name}. ${meaning}`;
}
