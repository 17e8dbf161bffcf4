import type { LogFields } from "../shared/log.ts";
import { traceIdOf } from "../shared/trace-context.ts";
import type { Session } from "./session.ts";

/** What stands for a connection in log lines. */
export function logFieldsOf({ state: { client, trace } }: Pick<Session, "state">): LogFields {
  return { client, trace: trace && traceIdOf(trace) };
}
