import type { ApiKeys } from "../api/keys.ts";
import { directoryOf } from "../deployment/directory.ts";
import type { Env } from "../deployment/env.ts";
import type { Gateway } from "../deployment/gateway.ts";
import { traceIdOf, traceOf } from "../shared/trace-context.ts";

/** A request to a gateway, and what answers it. */
export interface Asked {
  readonly request: Request;
  /** The path of its URL behind the one that the gateway is mounted at, as it was sent: `/rooms/echo/a%20b`. */
  readonly path: string;
  readonly env: Env;
  readonly gateway: Gateway;
  readonly keys: ApiKeys;
}

export function directoryFor({ env, gateway }: Asked): ReturnType<typeof directoryOf> {
  return directoryOf(env, gateway.config.operations);
}

/** The id of the trace that a request belongs to, for log lines. */
export function traceFor({ request }: Asked): string {
  return traceIdOf(traceOf(request.headers));
}

/** Notes that the Worker itself refuses a request. `code` is an HTTP error. */
export function noteRefusal(asked: Asked, code: string): void {
  asked.gateway.refusals.note(asked.request, code, directoryFor(asked));
}
