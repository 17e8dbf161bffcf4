import * as v from "valibot";
import { EVENT_KINDS, type EventBatch, type EventKind } from "../channels/backend-event.ts";
import { type ConfigProblems, checkNamespaces, seconds } from "../shared/config-error.ts";
import { EVENT_LIMITS } from "../shared/limits.ts";
import { resolveAddress, resolveSecret } from "./backend-address.ts";

/** What a backend is told of, and where. */
export interface EventSettings {
  /** An https address, or the name of the environment binding that holds it. */
  readonly webhook: string;
  /** What the backend is told of. */
  readonly kinds: readonly EventKind[];
  /**
   * The namespaces whose channels and members the backend is told of; "" is channels without one. Absent: all.
   */
  readonly namespaces?: readonly string[];
  /** Binding of the queue that events go through. Default "EVENTS"; without it they go to the webhook directly. */
  readonly queue?: string;
  /** Seconds between two searches for events that a crash has lost, 10 to 3,600. Default 60. */
  readonly sweepInterval?: number;
  /** Binding with the secret that requests are signed with. Default "BACKEND_SIGNATURE_SECRET"; unsigned without. */
  readonly signatureSecret?: string;
}

/** What is used of a queue's binding. */
export interface EventQueue {
  send(batch: EventBatch): Promise<unknown>;
}

/** The settings with everything filled in, for one environment. */
export interface EventConfig {
  readonly address: string;
  readonly kinds: ReadonlySet<EventKind>;
  /** Undefined: all. */
  readonly namespaces: ReadonlySet<string> | undefined;
  readonly queue: EventQueue | undefined;
  /** Milliseconds. */
  readonly sweepInterval: number;
  readonly secret: string | undefined;
}

const DEFAULT_QUEUE = "EVENTS";
const name = v.optional(v.pipe(v.string(), v.nonEmpty()));

export const eventSchema = v.strictObject({
  webhook: v.pipe(v.string(), v.nonEmpty()),
  kinds: v.pipe(v.array(v.picklist(EVENT_KINDS)), v.minLength(1, "must name what the backend is told of")),
  namespaces: v.optional(v.array(v.string())),
  queue: name,
  sweepInterval: v.optional(v.pipe(seconds, v.safeInteger(), v.minValue(10), v.maxValue(3_600))),
  signatureSecret: name,
} satisfies Record<keyof EventSettings, v.GenericSchema>);

/**
 * Replaces the names of bindings by their values, and adds what is wrong to `problems`.
 *
 * @param configured The names of the namespaces of all environments; undefined when they could not be read.
 */
export function resolveEvents(
  settings: v.InferOutput<typeof eventSchema>,
  env: Readonly<Record<string, unknown>>,
  configured: ReadonlySet<string> | undefined,
  problems: ConfigProblems,
): EventConfig {
  const { webhook, kinds, namespaces, queue, sweepInterval, signatureSecret } = settings;
  checkNamespaces(namespaces, configured, "events.namespaces", problems);
  return {
    address: resolveAddress(webhook, env, "events.webhook", problems),
    kinds: new Set(kinds),
    namespaces: namespaces && new Set(namespaces),
    queue: readQueue(queue, env, problems),
    sweepInterval: sweepInterval === undefined ? EVENT_LIMITS.sweepInterval : sweepInterval * 1000,
    secret: resolveSecret(signatureSecret, env, "events.signatureSecret", problems),
  };
}

function readQueue(
  named: string | undefined,
  env: Readonly<Record<string, unknown>>,
  problems: ConfigProblems,
): EventQueue | undefined {
  const binding = named ?? DEFAULT_QUEUE;
  const value = env[binding];
  if (value === undefined && named === undefined) return undefined;
  // A binding of the runtime cannot be checked further: its methods are those of its prototype.
  if (typeof value === "object" && value !== null && "send" in value) return value as EventQueue;
  problems.add("events.queue", `the environment binding ${binding} is no queue`);
  return undefined;
}
