import type { ApiMethod, ApiRequest, ApiResult } from "../../src/api/method-types.ts";
import { findTarget, type GatewayOptions } from "../deployment/options.ts";
import { Failure } from "../failure.ts";
import { callApi } from "./client.ts";
import { wordsOf } from "./failure-words.ts";

/** The options of a command that asks the API once. */
export interface AskOptions extends GatewayOptions {
  readonly json?: true;
}

/**
 * Asks the API once, and prints the answer: with `--json` as it came, otherwise in words.
 *
 * @param inWords The lines of a result; `text` is the answer as it came.
 * @throws Failure for an error.
 */
export function askMethod<Method extends ApiMethod>(
  method: Method,
  request: ApiRequest<Method>,
  options: AskOptions,
  inWords: (result: ApiResult<Method>, text: string) => readonly string[],
): Promise<void> {
  return ask<ApiResult<Method>>(method, JSON.stringify(request), options, inWords);
}

/** The same with the parameters as JSON text. */
export async function ask<Result>(
  method: string,
  parameters: string,
  { json, ...options }: AskOptions,
  inWords: (result: Result, text: string) => readonly string[],
): Promise<void> {
  const { text, body } = await callApi<Result>(await findTarget(options), method, parameters);
  if (json) console.log(text);
  if ("error" in body) throw new Failure(wordsOf(body.error));
  if (!json) for (const line of inWords(body.result, text)) console.log(line);
}
