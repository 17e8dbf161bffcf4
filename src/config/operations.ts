import * as v from "valibot";

/** What the operator wants to see. Everything costs something, so everything is off. */
export interface OperationsSettings {
  /**
   * Whether hubs report to the directory: the API methods `info` and `channels`, and `GET /metrics` without a hub, need
   * it. Each report is a request and about two written rows; a hub that is awake reports every 8 s. Default false.
   */
  readonly directory?: boolean | undefined;
}

/** The settings with everything filled in, and what the environment says. */
export interface OperationsConfig {
  readonly directory: boolean;
  /** Whether each connection that opens or closes is a log line: the variable LOG_LEVEL is "debug". */
  readonly logsConnections: boolean;
}

export const operationsSchema = v.strictObject({
  directory: v.optional(v.boolean()),
} satisfies Record<keyof OperationsSettings, v.GenericSchema>);

export function resolveOperations(
  settings: OperationsSettings | undefined,
  env: Readonly<Record<string, unknown>>,
): OperationsConfig {
  return { directory: settings?.directory ?? false, logsConnections: env.LOG_LEVEL === "debug" };
}
