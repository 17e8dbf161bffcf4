import { ROOM_LIMITS } from "../../src/shared/limits.ts";
import { logFailure } from "../../src/shared/log.ts";
import { isPromiseLike } from "../../src/shared/promise-like.ts";
import { withTimeout } from "../../src/shared/timeout.ts";

/** Runs the `start` of a kind before the first event of a waking life, and again at the next event if it failed. */
export class Startup {
  readonly #kind: string;
  readonly #start: () => unknown;
  #hasStarted: boolean;
  #running: Promise<void> | undefined;
  #awaited: Promise<void> | undefined;

  /** `start` is undefined for a kind that has none. */
  constructor(kind: string, start: (() => unknown) | undefined) {
    this.#kind = kind;
    this.#start = start ?? (() => {});
    this.#hasStarted = start === undefined;
  }

  /** Whether `start` has been called and has not ended. */
  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /**
   * Undefined once the room has started, so that its events cost no promise. Until then, a promise that rejects if `start`
   * fails or takes too long. While it runs, it is not called again.
   */
  ready(): Promise<void> | undefined {
    if (this.#hasStarted) return undefined;
    this.#running ??= this.#run();
    if (this.#running === undefined) return undefined;
    this.#awaited ??= this.#inTime(this.#running);
    return this.#awaited;
  }

  #run(): Promise<void> | undefined {
    let result: unknown;
    try {
      result = this.#start();
    } catch (failure) {
      return this.#follow(Promise.reject(failure));
    }
    if (isPromiseLike(result)) return this.#follow(result);
    this.#hasStarted = true;
    return undefined;
  }

  async #follow(result: PromiseLike<unknown>): Promise<void> {
    try {
      await result;
      this.#hasStarted = true;
    } finally {
      this.#running = undefined;
    }
  }

  async #inTime(running: Promise<void>): Promise<void> {
    try {
      await withTimeout(running, ROOM_LIMITS.startTime);
    } catch (failure) {
      logFailure("room.start_failed", failure, { kind: this.#kind });
      throw failure;
    } finally {
      this.#awaited = undefined;
    }
  }
}
