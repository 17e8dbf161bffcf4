import { ERRORS } from "../shared/codes.ts";
import { logEvent } from "../shared/log.ts";
import type { Answer, Outcome } from "./errors.ts";

const EVENTS = new Map<number, string>([
  [ERRORS.badRequest.code, "api.bad_request"],
  [ERRORS.permissionDenied.code, "api.refused"],
]);

/**
 * Logs the failed commands of one request, with the name of its API key. Equal failures are one line: a batch of a
 * thousand failures must not write a thousand.
 */
export class FailureLog {
  readonly #keyName: string;
  readonly #trace: string | undefined;
  readonly #known = new Set<string>();

  /** `trace` is the id of the trace that the request belongs to. */
  constructor(keyName: string, trace?: string) {
    this.#keyName = keyName;
    this.#trace = trace;
  }

  /**
   * Logs an error. Returns the answer without what only the log may hold. `method` is undefined when there is no such
   * method.
   */
  record(method: string | undefined, outcome: Outcome): Answer {
    if ("result" in outcome) return outcome;
    const { error, why = error.message } = outcome;
    const kind = JSON.stringify([method, error.code, why]);
    if (!this.#known.has(kind)) {
      this.#known.add(kind);
      const event = EVENTS.get(error.code) ?? "api.failed";
      logEvent(event, { keyName: this.#keyName, method, code: error.code, why, trace: this.#trace });
    }
    return { error };
  }
}
