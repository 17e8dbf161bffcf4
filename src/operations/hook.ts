import type { HubCore } from "../../durable-objects/hub/core.ts";
import { askHook } from "../channels/hook-outcome.ts";
import type { Awaitable, HookContext, HookRefusal, Hooks } from "../channels/hooks.ts";
import { isTooDeep } from "../protocol/json/raw-json.ts";
import type { Json } from "../protocol/messages.ts";
import type { Session } from "../sessions/session.ts";
import { mayReconnect } from "../shared/codes.ts";
import { logFailure } from "../shared/log.ts";

/** What a hook has granted; `undefined` result for no opinion. `refused` has been told to the client already. */
export type Granted<Result> =
  | { readonly kind: "granted"; readonly result: Result | undefined }
  | { readonly kind: "refused" };

/**
 * Asks a hook about a command, and tells the client when it says no. `id` 0 is a command that gets no reply;
 * `isUsable` looks at a result for what would only fail later.
 */
export async function askAbout<Result extends object>(
  { counters }: HubCore,
  session: Session,
  { hook, id }: { readonly hook: keyof Hooks; readonly id: number },
  ask: () => Awaitable<Result | HookRefusal | undefined>,
  isUsable?: (result: Result) => boolean,
): Promise<Granted<Result>> {
  const outcome = await askHook<Result>(ask, isUsable);
  switch (outcome.kind) {
    case "none":
      return { kind: "granted", result: undefined };
    case "result":
      return { kind: "granted", result: outcome.result };
    case "error":
      if (outcome.failure !== undefined) {
        counters.hookFailures.add(hook);
        logFailure("hub.hook_failed", outcome.failure, { client: session.state.client });
      }
      if (id > 0) session.fail(id, outcome.error);
      return { kind: "refused" };
    case "disconnect":
      session.disconnect({ ...outcome.disconnect, reconnect: mayReconnect(outcome.disconnect.code) });
      return { kind: "refused" };
  }
}

export function contextOf({ state }: Session): HookContext {
  const { client, user, meta, headers } = state;
  return { client, user, meta: parse(meta), rawMeta: meta, ...(headers && { headers }) };
}

/** A payload as a hook sees it. */
export function payloadOf(json: Json | undefined): {
  readonly data: unknown;
  readonly rawData: string | undefined;
} {
  return { data: parse(json), rawData: json };
}

function parse(json: Json | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json);
}

/** A value of a hook or a token as JSON text, undefined for none. Throws for what clients could not read. */
export function json(value: unknown): Json | undefined {
  const text: Json | undefined = value === undefined ? undefined : JSON.stringify(value);
  if (text !== undefined && isTooDeep(text)) throw new RangeError("a value is nested too deeply");
  return text;
}
