import { BUDGET_LIMITS } from "../shared/limits.ts";
import { isShed, type Shed, type ShedLevel } from "./levels.ts";

const DAY = 86_400_000;

/**
 * What an object or an isolate knows of the day's budget. It is forgotten with the day of UTC, and with sleep: until it is
 * told again, nothing is refused.
 */
export class Shedding {
  readonly #onRefused: (what: Shed) => void;
  #level: ShedLevel = 0;
  #until = 0;
  #askedAt = Number.NEGATIVE_INFINITY;

  /** `onRefused` is called for each refusal, to count it. */
  constructor(onRefused: (what: Shed) => void = () => {}) {
    this.#onRefused = onRefused;
  }

  /** Notes what the directory has said, which holds until it says something else. `now` is in milliseconds. */
  told(level: ShedLevel, now: number): void {
    this.#level = level;
    this.#until = (Math.floor(now / DAY) + 1) * DAY;
  }

  /** Notes what a refusal has told, which holds for a while: then the one who refused is asked again. */
  learned(level: ShedLevel, now: number): void {
    this.told(level, now);
    this.#until = Math.min(this.#until, now + BUDGET_LIMITS.learned);
  }

  /** Whether the directory is to be asked, which it is now and then; the caller does so, and notes what it was told. */
  isToAsk(now: number): boolean {
    if (Math.abs(now - this.#askedAt) < BUDGET_LIMITS.learned) return false;
    this.#askedAt = now;
    return true;
  }

  levelAt(now: number): ShedLevel {
    return now < this.#until ? this.#level : 0;
  }

  /** Whether something is refused now; the caller does so. */
  refuses(what: Shed, now: number): boolean {
    const refuses = isShed(this.levelAt(now), what);
    if (refuses) this.#onRefused(what);
    return refuses;
  }
}
