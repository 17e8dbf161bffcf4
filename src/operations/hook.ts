import { askHook, type HookOutcome } from "../channels/hook-outcome.ts";
import type { Awaitable, HookContext, HookRefusal, Hooks } from "../channels/hooks.ts";
import type { Counters } from "../metrics/counters.ts";
import type { Transport } from "../protocol/http/transports.ts";
import { isTooDeep } from "../protocol/json/raw-json.ts";
import type { Bytes, Json, PublicationData } from "../protocol/messages.ts";
import { logFieldsOf } from "../sessions/log-fields.ts";
import type { Session } from "../sessions/session.ts";
import { type CloseDefinition, mayReconnect } from "../shared/codes.ts";
import { logFailure } from "../shared/log.ts";
import { closeWith, failWith } from "../shared/refusal.ts";
import { traceparentOf } from "../shared/trace-context.ts";
import { type Granted, granted } from "./operation.ts";

/** What asking a hook needs of the hub. */
export interface HubOfHooks {
  readonly counters: Pick<Counters, "hookFailures" | "noteHook">;
}

/** What is asked of a hook. */
export interface HookQuestion<Result> {
  readonly hook: keyof Hooks;
  ask(): Awaitable<Result | HookRefusal | undefined>;
  /** Whether a result can be used: what is wrong with it would only show later. */
  isUsable?(result: Result): boolean;
}

/** Asks a hook about a command. `undefined` is granted where the hook has no opinion. */
export async function askAbout<Result extends object>(
  hub: HubOfHooks,
  session: Session,
  question: HookQuestion<Result>,
): Promise<Granted<Result | undefined>> {
  const outcome = await askAndNote(hub, session, question);
  switch (outcome.kind) {
    case "none":
      return granted(undefined);
    case "result":
      return granted(outcome.result);
    case "error":
      return failWith(outcome.error);
    case "disconnect":
      return closeWith(closeOf(outcome.disconnect));
  }
}

/** Asks a hook; a failure of the hook is logged and counted. */
export async function askAndNote<Result extends object>(
  { counters }: HubOfHooks,
  session: Session,
  { hook, ask, isUsable }: HookQuestion<Result>,
): Promise<HookOutcome<Result>> {
  const asked = Date.now();
  const outcome = await askHook<Result>(ask, isUsable);
  counters.noteHook(hook, Date.now() - asked);
  if (outcome.kind === "error" && outcome.failure !== undefined) {
    counters.hookFailures.add(hook);
    logFailure("hub.hook_failed", outcome.failure, logFieldsOf(session));
  }
  return outcome;
}

/** The close that a hook, or a backend, asks for. */
export function closeOf({ code, reason }: Pick<CloseDefinition, "code" | "reason">): CloseDefinition {
  return { code, reason, reconnect: mayReconnect(code) };
}

export function contextOf({ state }: Session): HookContext {
  const { client, user, encoding, meta, headers, trace } = state;
  return {
    client,
    transport: transportOf(state),
    protocol: encoding,
    user,
    meta: parse(meta),
    rawMeta: meta,
    ...(headers && { headers }),
    ...(trace && { traceparent: traceparentOf(trace) }),
  };
}

/** How the client of a session is reached. */
export function transportOf({ stream }: Session["state"]): Transport {
  return stream?.transport ?? "websocket";
}

/** A payload as a hook sees it. */
export function payloadOf(json: Json | undefined): HookPayload {
  return { data: parse(json), rawData: json };
}

/** The payload of a publication as a hook sees it. */
export function publicationPayloadOf(payload: PublicationData | undefined): HookPayload & { bytes?: Bytes } {
  if (typeof payload !== "object") return payloadOf(payload);
  return { data: undefined, rawData: undefined, bytes: payload };
}

interface HookPayload {
  readonly data: unknown;
  readonly rawData: string | undefined;
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
