import * as v from "valibot";
import { DISCONNECTS, ROOM_CLOSES } from "../shared/codes.ts";
import type { ConfigProblems } from "../shared/config-error.ts";
import { RECORDER_LIMITS } from "../shared/limits.ts";
import { CONNECTION_FAILED } from "../websocket/close-answer.ts";

/** What the operator wants to see. */
export interface OperationsSettings {
  /**
   * Whether hubs report to the directory: the API methods `info` and `channels`, and `GET /metrics` without a hub, need
   * it. Each report is a request and about two written rows; a hub that is awake reports every 8 s. Default false.
   */
  readonly directory?: boolean | undefined;
  /**
   * Whether hubs and rooms remember what their clients did, in at most 4 MiB of memory each, until they sleep. Default
   * true.
   */
  readonly flightRecorder?: boolean | undefined;
  /**
   * Close codes after which a client's story is a log line, at most 100 of them. Default: a connection that was lost
   * (1006), and those with which the gateway ends a client that went wrong, or that it failed.
   */
  readonly storyCodes?: readonly number[] | undefined;
  /** What a day may cost, and what happens when it costs more. It needs the directory. Default: as much as it will. */
  readonly budget?: BudgetSettings | undefined;
}

/** What a day may cost. */
export interface BudgetSettings {
  /** Dollars at list prices, for a day of UTC: `docs/budget.md` says what is counted, and what is not. */
  readonly dollarsPerDay: number;
  /**
   * `log` says in the log that it is exceeded; `shed` refuses more and more besides: connections without a user, then all
   * new ones, then new channels, then reads over the server API. Who is connected stays. Default `log`.
   */
  readonly onExceeded?: "log" | "shed" | undefined;
}

export type BudgetConfig = Required<{
  [Key in keyof BudgetSettings]: Exclude<BudgetSettings[Key], undefined>;
}>;

/** The settings with everything filled in, and what the environment says. */
export interface OperationsConfig {
  readonly directory: boolean;
  readonly flightRecorder: boolean;
  readonly storyCodes: ReadonlySet<number>;
  readonly budget: BudgetConfig | undefined;
  /** Whether each connection that opens or closes is a log line: the variable LOG_LEVEL is "debug". */
  readonly logsConnections: boolean;
}

/** Closes that tell of a fault, of the client, the network or the gateway. Whoever just leaves, or is sent away, is none. */
const FAULTS: readonly number[] = [
  CONNECTION_FAILED,
  ...[
    DISCONNECTS.serverError,
    DISCONNECTS.slow,
    DISCONNECTS.insufficientState,
    DISCONNECTS.noPong,
    DISCONNECTS.tooManyRequests,
    DISCONNECTS.badRequest,
    DISCONNECTS.messageTooLarge,
    ROOM_CLOSES.protocol,
    ROOM_CLOSES.invalidText,
    ROOM_CLOSES.rate,
    ROOM_CLOSES.handlerFailed,
    ROOM_CLOSES.backpressure,
  ].map(({ code }) => code),
];

export const operationsSchema = v.strictObject({
  directory: v.optional(v.boolean()),
  flightRecorder: v.optional(v.boolean()),
  storyCodes: v.optional(
    v.pipe(
      v.array(v.pipe(v.number(), v.integer(), v.minValue(1000), v.maxValue(4999))),
      v.maxLength(RECORDER_LIMITS.storyCodes),
    ),
  ),
  budget: v.optional(
    v.strictObject({
      dollarsPerDay: v.pipe(v.number(), v.finite(), v.gtValue(0)),
      onExceeded: v.optional(v.picklist(["log", "shed"])),
    } satisfies Record<keyof BudgetSettings, v.GenericSchema>),
  ),
} satisfies Record<keyof OperationsSettings, v.GenericSchema>);

export function resolveOperations(
  settings: OperationsSettings | undefined,
  env: Readonly<Record<string, unknown>>,
  problems: ConfigProblems,
): OperationsConfig {
  const budget = settings?.budget;
  if (budget && !settings.directory) problems.add("operations.budget", "needs operations.directory");
  const flightRecorder = settings?.flightRecorder ?? true;
  return {
    directory: settings?.directory ?? false,
    flightRecorder,
    budget: budget && { dollarsPerDay: budget.dollarsPerDay, onExceeded: budget.onExceeded ?? "log" },
    storyCodes: new Set(flightRecorder ? (settings?.storyCodes ?? FAULTS) : []),
    logsConnections: env.LOG_LEVEL === "debug",
  };
}
