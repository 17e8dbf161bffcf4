import type { Json } from "../protocol/messages.ts";
import { ERRORS } from "../shared/codes.ts";
import type { ApiError } from "./method-types.ts";

/** What a command is answered with; `result` is JSON text. */
export type Answer = { readonly result: Json } | { readonly error: ApiError };

/** An answer, and for an error also why, which goes to the log only. */
export type Outcome = { readonly result: Json } | ErrorOutcome;

/** An error, and why, for the log. */
export interface ErrorOutcome {
  readonly error: ApiError;
  readonly why?: string;
}

/** HTTP statuses of errors, for callers who want errors in the transport. */
const STATUSES = new Map<number, number>([
  [ERRORS.internal.code, 500],
  [ERRORS.unknownChannel.code, 404],
  [ERRORS.permissionDenied.code, 403],
  [ERRORS.methodNotFound.code, 404],
  [ERRORS.limitExceeded.code, 400],
  [ERRORS.badRequest.code, 400],
  [ERRORS.notAvailable.code, 400],
  [ERRORS.tooManyRequests.code, 429],
  [ERRORS.unrecoverablePosition.code, 416],
  [ERRORS.budgetExceeded.code, 503],
]);

/** An answer that is an error. Only clients are told whether an error is temporary. */
export function failed({ code, message }: ApiError): { readonly error: ApiError } {
  return { error: { code, message } };
}

/** The error for a request that is wrong in itself. `why` goes to the log only. */
export function badRequest(why: string): ErrorOutcome {
  return { ...failed(ERRORS.badRequest), why };
}

/** The error where an option of the configuration is off. Which one goes to the log only. */
export function isOff(option: string): ErrorOutcome {
  return { ...failed(ERRORS.notAvailable), why: `${option} is off` };
}

/** `{"result":…}` or `{"error":…}`, as JSON text. */
export function encodeAnswer(answer: Answer): Json {
  return "error" in answer ? `{"error":${JSON.stringify(answer.error)}}` : `{"result":${answer.result}}`;
}

/** Whether a method's result stands in `{"result":…}`. That of a batch does not: Centrifugo's libraries rely on it. */
export function isWrapped(method: string): boolean {
  return method !== "batch";
}

/**
 * The HTTP response to one command. The status is 200, for errors too, unless the caller wants errors in the transport:
 * then an error has a status of its own, and is the whole body.
 */
export function answerResponse(method: string, answer: Answer, inTransport: boolean): Response {
  if ("result" in answer) return jsonResponse(isWrapped(method) ? encodeAnswer(answer) : answer.result);
  if (!inTransport) return jsonResponse(encodeAnswer(answer));
  return jsonResponse(JSON.stringify(answer.error), STATUSES.get(answer.error.code) ?? 500);
}

/** Whether a request wants errors as HTTP statuses. */
export function wantsErrorsInTransport(request: Request): boolean {
  return request.headers.get("X-Centrifugo-Error-Mode")?.trim().toLowerCase() === "transport";
}

export function jsonResponse(body: Json, status = 200): Response {
  return new Response(body, { status, headers: { "Content-Type": "application/json" } });
}
