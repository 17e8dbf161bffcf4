import { REPORT_LIMITS } from "./limits.ts";
import { type LogFields, logEvent } from "./log.ts";

/**
 * Logs refusals, at most one line of each kind in `REPORT_LIMITS.refusalInterval`, which counts those since the line
 * before: who is refused can come again and again, and must not fill the log.
 */
export class RefusalLog {
  readonly #event: string;
  readonly #kinds = new Map<string | number, { loggedAt: number; count: number }>();

  constructor(event: string) {
    this.#event = event;
  }

  /** Notes one refusal; `code` is a code of the gateway. `now` is in milliseconds. */
  note(code: string | number, fields: LogFields, now: number): void {
    const kind = this.#kinds.get(code) ?? { loggedAt: Number.NEGATIVE_INFINITY, count: 0 };
    this.#kinds.set(code, kind);
    kind.count += 1;
    if (now - kind.loggedAt < REPORT_LIMITS.refusalInterval) return;
    logEvent(this.#event, { code, count: kind.count, ...fields });
    kind.loggedAt = now;
    kind.count = 0;
  }
}
