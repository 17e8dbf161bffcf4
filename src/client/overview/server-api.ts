/** The server API of the page's own gateway, asked with a key or with the token of an operator. */

import { ownGateway } from "../own-gateway.ts";
import { type ApiOutcome, readAnswer } from "./api-answer.ts";

/** How a request says who asks: never in its address. */
export type Credentials = { readonly "X-API-Key": string } | { readonly Authorization: string };

/** @param params an object, as JSON text. */
export async function callApi<Result>(
  method: string,
  params: string,
  credentials: Credentials,
): Promise<ApiOutcome<Result>> {
  try {
    const response = await postToApi(method, params, credentials);
    return readAnswer<Result>(response.status, await response.text());
  } catch {
    return { failure: { status: 0, message: "" } };
  }
}

export function postToApi(
  method: string,
  params: string,
  credentials: Credentials,
  signal?: AbortSignal,
): Promise<Response> {
  const headers = { ...credentials, "Content-Type": "application/json" };
  return fetch(`${ownGateway}api/${method}`, {
    method: "POST",
    headers,
    body: params,
    cache: "no-store",
    credentials: "omit",
    ...(signal && { signal }),
  });
}
