import * as v from "valibot";
import { ERRORS, type ProtocolError } from "../shared/codes.ts";
import { REASON_BYTES } from "../websocket/close-payload.ts";
import { isPlainReason } from "./close-reason.ts";
import type { ConnectGrant, HookRefusal } from "./hooks.ts";

/** The result of asking a hook. */
export type HookOutcome<Result> =
  /** The hook has no opinion. */
  | { readonly kind: "none" }
  | { readonly kind: "result"; readonly result: Result }
  | {
      readonly kind: "error";
      readonly error: ProtocolError;
      /** What the hook did wrong, for the log; undefined when it meant to refuse. */
      readonly failure: unknown;
    }
  | { readonly kind: "disconnect"; readonly disconnect: { readonly code: number; readonly reason: string } };

const code = (from: number, to: number) => v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to));

/** An error that a hook may answer with. */
export const hookErrorSchema = v.object({
  code: code(100, 1999),
  message: v.pipe(v.string(), v.nonEmpty()),
  temporary: v.optional(v.boolean()),
});

/** A disconnect that a hook may answer with. */
export const hookDisconnectSchema = v.object({
  code: code(4000, 4999),
  reason: v.pipe(
    v.string(),
    v.nonEmpty(),
    v.maxBytes(REASON_BYTES),
    v.check(isPlainReason, "a reason must not be JSON"),
  ),
});

/** Asks a hook; never throws. `isUsable` checks a result for what would otherwise fail later. */
export async function askHook<Result extends object>(
  ask: () => Result | HookRefusal | undefined | Promise<Result | HookRefusal | undefined>,
  isUsable: (result: Result) => boolean = () => true,
): Promise<HookOutcome<Result>> {
  try {
    const answer = (await ask()) ?? undefined;
    return answer === undefined ? { kind: "none" } : readAnswer(answer, isUsable);
  } catch (thrown) {
    return readRefusal(thrown) ?? failed(thrown);
  }
}

function readAnswer<Result extends object>(
  answer: Result | HookRefusal,
  isUsable: (result: Result) => boolean,
): HookOutcome<Result> {
  if (typeof answer !== "object") return failed(new TypeError("a hook returns an object or nothing"));
  const refusal = readRefusal(answer);
  if (refusal) return refusal;
  const result = answer as Result;
  return expiresAtATime(result) && isUsable(result)
    ? { kind: "result", result }
    : failed(new TypeError("a hook returned what it may not"));
}

/** Whether the expiries of a grant and its subscriptions are numbers: the hub would set its alarm to a NaN. */
function expiresAtATime(result: object): boolean {
  const { expireAt, subs } = result as Pick<ConnectGrant, "expireAt" | "subs">;
  const times = [expireAt, ...Object.values(subs ?? {}).map((sub) => sub?.expireAt)];
  return times.every((time) => time === undefined || Number.isFinite(time));
}

/** Undefined: no refusal. A refusal with a code or text that must not reach clients is a failure. */
function readRefusal(value: unknown): HookOutcome<never> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if ("error" in value) {
    const parsed = v.safeParse(hookErrorSchema, value.error);
    return parsed.success ? refused(parsed.output) : failed(value);
  }
  if ("disconnect" in value) {
    const parsed = v.safeParse(hookDisconnectSchema, value.disconnect);
    return parsed.success ? { kind: "disconnect", disconnect: parsed.output } : failed(value);
  }
  return undefined;
}

function refused({ code, message, temporary }: v.InferOutput<typeof hookErrorSchema>): HookOutcome<never> {
  const error = temporary === true ? { code, message, temporary } : { code, message };
  return { kind: "error", error, failure: undefined };
}

function failed(failure: unknown): HookOutcome<never> {
  return { kind: "error", error: ERRORS.internal, failure: failure ?? new Error("a hook threw nothing") };
}
