import type { Random } from "../support/random.ts";
import type { Clock } from "./clock.ts";
import type { Hub } from "./hub.ts";
import type { Life } from "./life.ts";
import type { Settings } from "./settings.ts";
import type { HubRpc } from "./subject.ts";

export type Method = "follow" | "unfollow" | "publish" | "history" | "deliver";

/** What may become of a call. */
type Fate = "well" | "lost" | "answerLost" | "repeated" | "slow" | "late" | "hanging";

const FATES: readonly (readonly [weight: number, fate: Fate])[] = [
  [3, "lost"],
  [3, "answerLost"],
  [3, "repeated"],
  [4, "slow"],
  [3, "late"],
  [1, "hanging"],
];
/** The same where a hub cannot be reached. */
const CUT_FATES: typeof FATES = [
  [6, "lost"],
  [3, "answerLost"],
  [2, "late"],
  [2, "hanging"],
];
const LATENCIES = [1, 1, 5, 20, 100];
/** The platform lets go of what has been pending for so long, in milliseconds. */
const LONGEST_PENDING = 900_000;
/** By how much a call may be late that was given up, in milliseconds. */
const LATEST = 30_000;

/** How the message of what is meant to go wrong begins. */
const SIMULATED = "simulated:";

/** What goes wrong because it is meant to. */
export class Disturbance extends Error {
  constructor(what: string) {
    super(`${SIMULATED} ${what}`);
  }
}

/** Whether a failure, or a line of the log, tells of what was meant to go wrong. */
export function isMeant(failure: unknown): boolean {
  return String(failure).includes(SIMULATED);
}

/** Takes a line on what happens. */
export type Trace = (line: string) => void;

interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: Settings;
  readonly trace: Trace | undefined;
}

/** Carries calls from hub to hub, or does not, in whatever order. */
export class Network {
  /** How many of the next calls something happens to. */
  trouble = 0;
  /** Until when hubs cannot be reached, in milliseconds. */
  readonly #cut = new Map<string, number>();
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #settings: Settings;
  readonly #hubNamed: (name: string) => Hub;
  readonly #trace: Trace | undefined;

  constructor({ clock, random, settings, trace }: Surroundings, hubNamed: (name: string) => Hub) {
    this.#trace = trace;
    this.#clock = clock;
    this.#random = random;
    this.#settings = settings;
    this.#hubNamed = hubNamed;
  }

  /** A hub cannot be reached for a while, though some calls may arrive. */
  cut(hub: string, milliseconds: number): void {
    this.#cut.set(hub, this.#clock.now + milliseconds);
  }

  /** From now on nothing happens to any call. */
  heal(): void {
    this.trouble = 0;
    this.#cut.clear();
  }

  latency(): number {
    return this.#random.pick(LATENCIES);
  }

  /** Another hub, as one life of a hub reaches it. */
  stubOf(life: Life, to: string): HubRpc {
    const call = (method: Method) => (sent: unknown) => this.#call(life, to, method, sent);
    const methods = { follow: 0, unfollow: 0, publish: 0, history: 0, deliver: 0 };
    const stub = Object.fromEntries(Object.keys(methods).map((method) => [method, call(method as Method)]));
    return stub as unknown as HubRpc;
  }

  /** Answers, or gives the call up. A life that has ended hears nothing any more. */
  #call(life: Life, to: string, method: Method, sent: unknown): Promise<unknown> {
    const { callTimeout, pendingKeepsAwake } = this.#settings;
    const release = life.stayAwake();
    return new Promise((resolve, reject) => {
      let isOver = false;
      const end = (tell: () => void) => {
        if (isOver) return;
        isOver = true;
        timer.isCalledOff = true;
        if (!pendingKeepsAwake) release();
        if (!life.isOver) tell();
      };
      const timer = this.#clock.after(callTimeout, () =>
        end(() => reject(new Disturbance("no answer in time"))),
      );
      if (pendingKeepsAwake) this.#clock.after(LONGEST_PENDING, release);
      this.#carry(to, method, structuredClone(sent))
        .then(
          (answer) => end(() => resolve(answer)),
          (failure: unknown) => end(() => reject(failure)),
        )
        .finally(release);
    });
  }

  async #carry(to: string, method: Method, sent: unknown): Promise<unknown> {
    const fate = this.#fate(to, method);
    if (fate === "hanging") return new Promise(() => {});
    await this.#clock.wait(this.#delay(fate));
    if (fate === "lost") throw new Disturbance("lost on the way");
    if (fate === "repeated") {
      const again = structuredClone(sent);
      this.#clock.after(
        this.#random.below(8_000),
        () => void this.#arrive(to, method, again).catch(() => {}),
      );
    }
    const answer = structuredClone(await this.#arrive(to, method, sent));
    await this.#clock.wait(fate === "slow" ? this.#delay(fate) : this.latency());
    if (fate === "answerLost") throw new Disturbance("the answer was lost");
    return answer;
  }

  #arrive(to: string, method: Method, sent: unknown): Promise<unknown> {
    this.#trace?.(`${this.#clock.now} ${to} ${method} ${JSON.stringify(sent)}`);
    return this.#hubNamed(to).take(method, sent);
  }

  #fate(to: string, method: Method): Fate {
    if (this.#clock.now < (this.#cut.get(to) ?? 0)) return this.#random.weighted(CUT_FATES);
    if (this.trouble === 0) return "well";
    this.trouble -= 1;
    const fate = this.#random.weighted(FATES);
    // The platform repeats nothing by itself, and a publish may not be.
    return fate === "repeated" && method === "publish" ? "well" : fate;
  }

  #delay(fate: Fate): number {
    const { callTimeout } = this.#settings;
    if (fate === "late") return callTimeout + 1 + this.#random.below(LATEST);
    return fate === "slow" ? this.#random.below(callTimeout) : this.latency();
  }
}
