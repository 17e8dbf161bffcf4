import { ERRORS } from "../../src/shared/codes.ts";

/** Why there is no result. `code` is that of the API, or an HTTP status; absent where nothing was answered. */
export interface AnsweredError {
  readonly code?: number | undefined;
  readonly message: string;
}

/** What may have led to an error of the API, for the one who has asked. */
const HINTS: ReadonlyMap<number, string> = new Map([
  [ERRORS.internal.code, "an object failed or did not answer: it may have been done or not"],
  [ERRORS.unknownChannel.code, "no namespace of this name is configured"],
  [ERRORS.permissionDenied.code, "the key is for other methods, channels or rights"],
  [ERRORS.methodNotFound.code, "this gateway is older than this command"],
  [ERRORS.badRequest.code, "a value is of another form, or over a limit: docs/api.md names them"],
  [
    ERRORS.notAvailable.code,
    "presence, history, commands on users or the directory are off in the configuration of the gateway",
  ],
  [ERRORS.tooManyRequests.code, "try again later"],
  [ERRORS.unrecoverablePosition.code, "the stream has begun anew since: --since is of another epoch"],
  [
    401,
    "the gateway does not know this key, or none was given: see POORWILL_API_KEY and poorwill profile add",
  ],
  [404, "there is no API at this address: is it that of a gateway?"],
  [413, "at most 4 MiB in one request"],
  [429, "more requests than API_RATE allows for one key: try again in a minute"],
]);

/** An error in a sentence. */
export function wordsOf({ code, message }: AnsweredError): string {
  if (code === undefined) return message;
  const hint = HINTS.get(code);
  return `error ${code}: ${message}${hint === undefined ? "" : ` (${hint})`}`;
}
