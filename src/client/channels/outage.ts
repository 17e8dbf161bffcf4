/** A time without a network, made on purpose: it ends by itself unless it is held. */
export class Outage {
  readonly #changed: () => void;
  #endsAt: number | undefined;
  #isHeld = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting: (() => void)[] = [];

  /** @param changed is called when it begins, ends, or is held. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get isOn(): boolean {
    return this.#endsAt !== undefined;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Milliseconds until it ends; 0 while there is none, and infinite while it is held. */
  get remaining(): number {
    if (this.#endsAt === undefined) return 0;
    return this.#isHeld ? Number.POSITIVE_INFINITY : Math.max(0, this.#endsAt - Date.now());
  }

  begin(milliseconds: number): void {
    this.#endsAt = Date.now() + milliseconds;
    this.#schedule();
  }

  /** Keeps the outage, this one or the next, from ending by itself. Let go, it ends when its time is over. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#schedule();
  }

  end(): void {
    this.#endsAt = undefined;
    clearTimeout(this.#timer);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
    this.#changed();
  }

  /** Resolves when there is no outage. */
  over(): Promise<void> {
    if (!this.isOn) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.isOn && !this.#isHeld) this.#timer = setTimeout(() => this.end(), this.remaining);
    this.#changed();
  }
}
