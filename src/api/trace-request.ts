import * as v from "valibot";
import { isHubName } from "../channels/placement.ts";
import { TRACE_LIMITS } from "../shared/limits.ts";
import type { TraceTarget } from "../trace/messages.ts";
import { whyBad } from "./bad-request.ts";
import { channel, flag, object, text, user } from "./fields.ts";

const from1 = (most: number, byDefault: number) =>
  v.nullish(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(most)), byDefault);

/** The request of `trace`. */
export const traceRequest = object({
  channel: v.nullish(channel),
  user: v.nullish(user),
  client: text,
  hub: v.nullish(v.pipe(v.string(), v.check(isHubName))),
  payloads: flag,
  seconds: from1(TRACE_LIMITS.mostSeconds, TRACE_LIMITS.seconds),
  rate: from1(TRACE_LIMITS.mostRate, TRACE_LIMITS.rate),
});

/** What is to be traced. */
export interface TraceOrder {
  readonly target: TraceTarget;
  readonly hub: string | undefined;
  readonly payloads: boolean;
  readonly seconds: number;
  readonly rate: number;
}

/** Validates a request. `why` tells the log what is wrong with it. */
export function readTrace(request: unknown): TraceOrder | { readonly why: string } {
  const parsed = v.safeParse(traceRequest, request, { abortEarly: true });
  if (!parsed.success) return { why: whyBad(parsed.issues[0]) };
  const { channel: name, user: id, client, hub, payloads, seconds, rate } = parsed.output;
  const targets: TraceTarget[] = [];
  if (name) targets.push({ channel: name });
  if (id) targets.push({ user: id });
  if (client !== "") targets.push({ client });
  const [target, another] = targets;
  if (target === undefined || another) return { why: "expected one of channel, user and client" };
  return { target, hub: hub ?? undefined, payloads, seconds, rate };
}
