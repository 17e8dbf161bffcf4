import { HTTP_ERRORS, type HttpErrorCode } from "./codes.ts";

/** The JSON answer of every refused HTTP request: `{"error":{"code","message"}}` with the status of the code. */
export function httpError(code: HttpErrorCode, headers?: Record<string, string>): Response {
  const { status, message } = HTTP_ERRORS[code];
  return Response.json({ error: { code, message } }, headers ? { status, headers } : { status });
}
