import { BodyTooLarge, readBody } from "../shared/body.ts";
import { TimedOut, withTimeout } from "../shared/timeout.ts";
import { SIGNATURE_HEADER, sign } from "./signature.ts";

/** Sends a request; `fetch`, or something that stands for it. */
export type Fetch = (request: Request) => Promise<Response>;

/** A request to a backend that could not be carried out, or whose answer is not what it must be. */
export class BackendFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "BackendFailure";
  }
}

export interface BackendRequest {
  readonly address: string;
  readonly body: string;
  /** Later ones override earlier ones; none overrides what the gateway sets itself. */
  readonly headers: readonly Readonly<Record<string, string>>[];
  readonly secret: string | undefined;
  /** Milliseconds until the whole answer must be there. */
  readonly timeout: number;
  /** Bytes of the answer; more is a failure. */
  readonly answerSize: number;
}

export interface BackendAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Posts JSON to a backend. Redirects are not followed: they would take the signature to an address that nobody
 * configured.
 *
 * @throws BackendFailure that says why, and quotes neither the request nor the answer.
 */
export async function post(request: BackendRequest, fetch: Fetch): Promise<BackendAnswer> {
  const { timeout, answerSize } = request;
  const controller = new AbortController();
  try {
    return await withTimeout(exchange(request, fetch, controller.signal), timeout);
  } catch (failure) {
    controller.abort();
    if (failure instanceof BackendFailure) throw failure;
    if (failure instanceof BodyTooLarge)
      throw new BackendFailure(`the answer is longer than ${answerSize} bytes`);
    if (failure instanceof TimedOut) throw new BackendFailure(`no answer within ${timeout} ms`);
    throw new BackendFailure("the connection failed", { cause: failure });
  }
}

async function exchange(request: BackendRequest, fetch: Fetch, signal: AbortSignal): Promise<BackendAnswer> {
  const { address, body, answerSize } = request;
  const headers = await headersOf(request);
  const response = await fetch(
    new Request(address, { method: "POST", body, headers, redirect: "manual", signal }),
  );
  return { status: response.status, text: await readBody(response, answerSize) };
}

async function headersOf({ headers: given, body, secret }: BackendRequest): Promise<Headers> {
  const headers = new Headers();
  for (const group of given) for (const [name, value] of Object.entries(group)) headers.set(name, value);
  headers.set("Content-Type", "application/json");
  headers.delete(SIGNATURE_HEADER);
  if (secret !== undefined) headers.set(SIGNATURE_HEADER, await sign(body, secret));
  return headers;
}
