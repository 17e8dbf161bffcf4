import type { Target } from "../deployment/target.ts";
import type { AnsweredError } from "./failure-words.ts";

/** An answer of the API: as it came, and read. */
export interface Answer<Result> {
  /** One line of JSON: `{ "result": … }`, or `{ "error": … }`. */
  readonly text: string;
  readonly body: { readonly result: Result } | { readonly error: AnsweredError };
}

/** Longer than the gateway takes for any request, in milliseconds. */
export const PATIENCE_MS = 45_000;

/**
 * Calls a method of the API. Never throws: an error of the network is one more error.
 *
 * @param parameters JSON text, so that payloads keep every digit of their numbers.
 */
export async function callApi<Result>(
  target: Target,
  method: string,
  parameters: string,
): Promise<Answer<Result>> {
  try {
    const response = await requestApi(target, method, parameters, AbortSignal.timeout(PATIENCE_MS));
    return readAnswer(response, await response.text());
  } catch (error) {
    return failed({ message: whyUnreached(target.url, error) });
  }
}

/** A request to the API, for an answer that is read as it comes. Rejects where nothing answers. */
export function requestApi(
  { url, key }: Target,
  method: string,
  parameters: string,
  signal: AbortSignal,
): Promise<Response> {
  return fetch(`${url}/api/${method}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(key === undefined ? {} : { "X-API-Key": key }) },
    body: parameters,
    // A redirect would take the key to another address: fetch drops only Authorization and cookies.
    redirect: "manual",
    signal,
  });
}

/** What an HTTP response says, when its body is read. */
export function readAnswer<Result>(response: Response, text: string): Answer<Result> {
  if (response.status >= 300 && response.status < 400) {
    const elsewhere = response.headers.get("Location") ?? "another address";
    return failed({ code: response.status, message: `the gateway is at ${elsewhere}` });
  }
  const body = jsonOf(text);
  if (typeof body === "object" && body !== null && ("result" in body || "error" in body)) {
    const answer = body as Answer<Result>["body"];
    if (!("error" in answer) || typeof answer.error === "object") return { text: text.trim(), body: answer };
  }
  if (response.ok) return failed({ message: "what answers is not the API of a gateway" });
  return failed({ code: response.status, message: shortened(text) || response.statusText });
}

function failed<Result>(error: AnsweredError): Answer<Result> {
  return { text: JSON.stringify({ error }), body: { error } };
}

/** The first line of a page, at most: it may be of any server. */
function shortened(text: string): string {
  const [line = ""] = text.trim().split("\n");
  return line.startsWith("<") ? "" : line.slice(0, 200);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An error of `fetch` in words. Its own message is `fetch failed`, and the reason is the cause. */
export function whyUnreached(url: string, error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") {
    return `${url} has not answered in ${PATIENCE_MS / 1000} s`;
  }
  const cause = error instanceof Error ? error.cause : undefined;
  const { code, message } = (cause ?? error) as { code?: string; message?: string };
  return `${url} cannot be reached: ${code ?? message ?? error}`;
}
