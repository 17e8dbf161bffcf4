import { ERRORS } from "../shared/codes.ts";
import { logEvent } from "../shared/log.ts";
import type { Answer, Outcome } from "./errors.ts";

const EVENTS = new Map<number, string>([
  [ERRORS.badRequest.code, "api.bad_request"],
  [ERRORS.permissionDenied.code, "api.refused"],
]);

/**
 * Logs the commands of one request that are answered with an error, with the name of the key that they came with. What
 * is the same again is not: a batch of a thousand failures is no thousand lines.
 */
export class FailureLog {
  readonly #keyName: string;
  readonly #known = new Set<string>();

  constructor(keyName: string) {
    this.#keyName = keyName;
  }

  /** The answer to a command, without what is for the log only. `method` is undefined for one that does not exist. */
  told(method: string | undefined, outcome: Outcome): Answer {
    if ("result" in outcome) return outcome;
    const { error, why = error.message } = outcome;
    const kind = JSON.stringify([method, error.code, why]);
    if (!this.#known.has(kind)) {
      this.#known.add(kind);
      const event = EVENTS.get(error.code) ?? "api.failed";
      logEvent(event, { keyName: this.#keyName, method, code: error.code, why });
    }
    return { error };
  }
}
