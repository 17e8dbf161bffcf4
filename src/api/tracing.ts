import { ERRORS } from "../shared/codes.ts";
import { API_LIMITS, TRACE_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import { withTimeout } from "../shared/timeout.ts";
import { TRACE_VERSION, type TraceAnswer, type TraceCall } from "../trace/call.ts";
import { TraceMerge } from "../trace/merge.ts";
import { type ErrorOutcome, failed, isOff } from "./errors.ts";
import type { TraceOrder } from "./trace-request.ts";
import { hubsOfChannel, hubsOfUser, hubsWithClients, type TraceHubs } from "./traced-hubs.ts";

/** What a trace needs of the gateway. */
export interface TraceTools {
  readonly hubs: TraceHubs;
  /** The home of a channel that may be used. */
  homeOf(channel: string): string | undefined;
  readonly userCommands: boolean;
}

/** Lines of JSON, or the error that is answered instead. */
export type TraceOutcome = { readonly lines: Lines } | ErrorOutcome;

/** Finds the hubs that are concerned, and starts a trace. */
export async function startTrace(tools: TraceTools, order: TraceOrder): Promise<TraceOutcome> {
  const { channel, user } = order.target;
  const { hubs } = tools;
  if (channel !== undefined) {
    const home = tools.homeOf(channel);
    if (home === undefined) return failed(ERRORS.unknownChannel);
    return new Tracing(hubs, order).follow(() => hubsOfChannel(hubs, channel, home));
  }
  if (user !== undefined) {
    if (!tools.userCommands) return isOff("connection.userCommands");
    return new Tracing(hubs, order).follow(() => hubsOfUser(hubs, user));
  }
  if (order.hub !== undefined) return new Tracing(hubs, order).search([order.hub]);
  if (hubs.directory === undefined) return isOff("operations.directory");
  return new Tracing(hubs, order).search(await hubsWithClients(hubs.directory));
}

/** One trace, as the Worker holds it. */
class Tracing {
  readonly #hubs: TraceHubs;
  readonly #order: TraceOrder;
  readonly #call: TraceCall;
  readonly #merge: TraceMerge;
  readonly #until: number;
  #stopTimers = () => {};
  #hasFailed = false;

  constructor(hubs: TraceHubs, order: TraceOrder) {
    this.#hubs = hubs;
    this.#order = order;
    const { target, payloads, rate, seconds } = order;
    this.#until = Date.now() + seconds * 1000;
    // The Worker ends it; the hub only where the Worker is gone.
    const until = this.#until + TRACE_LIMITS.grace;
    this.#call = { version: TRACE_VERSION, target, payloads, rate, until };
    this.#merge = new TraceMerge(() => this.#stopTimers());
  }

  /** Traces at the hubs that `find` finds, and at those that it finds later. */
  async follow(find: () => Promise<readonly string[]>): Promise<TraceOutcome> {
    const found = await withTimeout(find(), API_LIMITS.homeTimeout);
    const answers = await this.#ask(found.slice(0, TRACE_LIMITS.hubs));
    const refusals = [...answers.values()].filter((answer) => typeof answer === "string");
    if (answers.size > 0 && refusals.length === answers.size)
      return failed(refusals.includes("busy") ? ERRORS.tooManyRequests : ERRORS.internal);
    this.#start(answers, Math.max(0, found.length - TRACE_LIMITS.hubs), () => this.#look(find));
    return { lines: this.#merge.body };
  }

  /** Traces a client at the one of these hubs that holds it. */
  async search(hubs: readonly string[]): Promise<TraceOutcome> {
    for (let first = 0; first < hubs.length; first += TRACE_LIMITS.searchedAtOnce) {
      const answers = await this.#ask(hubs.slice(first, first + TRACE_LIMITS.searchedAtOnce));
      for (const [hub, answer] of answers) {
        if (answer === "busy") return failed(ERRORS.tooManyRequests);
        if (typeof answer === "string") continue;
        this.#start(new Map([[hub, answer]]), 0, () => {
          if (this.#merge.hubs.size === 0) this.#merge.end("hubs_gone");
        });
        return { lines: this.#merge.body };
      }
    }
    this.#start(new Map(), 0, () => {});
    this.#merge.end("client_gone");
    return { lines: this.#merge.body };
  }

  #start(answers: Answers, untraced: number, look: () => unknown): void {
    const { target, payloads, rate } = this.#order;
    const hubs = [...answers].flatMap(([hub, answer]) => (typeof answer === "string" ? [] : [hub]));
    const until = this.#until;
    const others = untraced > 0 ? { untraced } : {};
    this.#merge.write({ line: "start", target, payloads, until, rate, hubs, ...others });
    for (const [hub, answer] of answers) {
      if (typeof answer !== "string") this.#merge.add(hub, answer);
      else if (answer !== "absent") this.#merge.write({ line: "hub", hub, state: answer });
    }
    const end = setTimeout(() => this.#merge.end("time"), Math.max(0, until - Date.now()));
    const probing = setInterval(() => this.#merge.probe(), TRACE_LIMITS.probeInterval);
    const looking = setInterval(() => void look(), TRACE_LIMITS.lookInterval);
    this.#stopTimers = () => {
      clearTimeout(end);
      clearInterval(probing);
      clearInterval(looking);
    };
  }

  /** Joins hubs that are concerned since the last look. */
  async #look(find: () => Promise<readonly string[]>): Promise<void> {
    try {
      const known = this.#merge.hubs;
      const found = await withTimeout(find(), API_LIMITS.homeTimeout);
      const joining = found.filter((hub) => !known.has(hub)).slice(0, TRACE_LIMITS.hubs - known.size);
      for (const [hub, answer] of await this.#ask(joining)) {
        if (typeof answer === "string" || this.#merge.hubs.has(hub)) continue;
        this.#merge.write({ line: "hub", hub, state: "joined" });
        this.#merge.add(hub, answer);
      }
    } catch (failure) {
      this.#fail(failure);
      if (this.#merge.hubs.size === 0) this.#merge.end("hubs_gone");
    }
  }

  async #ask(hubs: readonly string[]): Promise<Answers> {
    const answers = await Promise.all(hubs.map(async (hub) => [hub, await this.#answerOf(hub)] as const));
    return new Map(answers);
  }

  async #answerOf(hub: string): Promise<Lines | "busy" | "absent" | "failed"> {
    try {
      const asked: Promise<TraceAnswer> = this.#hubs.named(hub).startTrace(this.#call);
      const answer = await withTimeout(asked, API_LIMITS.homeTimeout);
      return "refused" in answer ? answer.refused : answer.lines;
    } catch (failure) {
      this.#fail(failure, hub);
      return "failed";
    }
  }

  /** One line in the log is enough: what fails is tried again every few seconds. */
  #fail(failure: unknown, hub?: string): void {
    if (!this.#hasFailed) logFailure("api.trace_failed", failure, { hub });
    this.#hasFailed = true;
  }
}

type Lines = ReadableStream<Uint8Array>;
type Answers = ReadonlyMap<string, Lines | "busy" | "absent" | "failed">;
