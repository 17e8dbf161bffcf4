import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { Command } from "commander";
import { TRACE_LIMITS } from "../../src/shared/limits.ts";
import type { TraceLine, TraceRequest } from "../../src/trace/messages.ts";
import { readAnswer, requestApi, whyUnreached } from "../api/client.ts";
import { wordsOf } from "../api/failure-words.ts";
import { addGatewayOptions, findTarget, type GatewayOptions } from "../deployment/options.ts";
import type { Target } from "../deployment/target.ts";
import { Failure } from "../failure.ts";
import { traceLine } from "../trace/line.ts";
import { UsageError } from "../usage-error.ts";
import { wholeNumber } from "./numbers.ts";

interface TraceOptions extends GatewayOptions, TraceRequest {
  readonly follow?: true;
  readonly json?: true;
}

const EXAMPLES = `
It needs a key with the right trace, and ends by itself after --seconds. Times are in UTC.

Examples:
  $ poorwill trace --user ann --seconds 60
  $ poorwill trace --channel public:news --follow --json | jq 'select(.line == "event").event'`;

export function describeTrace(command: Command): void {
  addGatewayOptions(command)
    .description("Show what one client, the clients of a user, or those in a channel do, live.")
    .option("--client <id>", "this connection")
    .option("--user <id>", "all connections of this user")
    .option("--channel <name>", "what happens in this channel")
    .option("--hub <name>", "the hub of the connection, where it is known")
    .option("--payloads", "show data too")
    .option(
      "--seconds <count>",
      "until it ends",
      wholeNumber(1, TRACE_LIMITS.mostSeconds),
      TRACE_LIMITS.seconds,
    )
    .option(
      "--rate <count>",
      "events a second that each hub tells; more are left out",
      wholeNumber(1, TRACE_LIMITS.mostRate),
      TRACE_LIMITS.rate,
    )
    .option("--follow", "begin again when its time is over")
    .option("--json", "print the lines as they come")
    .addHelpText("after", EXAMPLES)
    .action(trace);
}

async function trace(options: TraceOptions): Promise<void> {
  const { client, user, channel, hub, payloads, seconds, rate, follow, json, ...gateway } = options;
  if ([client, user, channel].filter((target) => target !== undefined).length !== 1) {
    throw new UsageError("give one of --client, --user and --channel");
  }
  const request = JSON.stringify({ client, user, channel, hub, payloads, seconds, rate });
  const target = await findTarget(gateway);
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupt.abort());
  let last: TraceLine | undefined;
  do {
    for await (const text of traceLines(target, request, interrupt.signal)) {
      last = JSON.parse(text) as TraceLine;
      console.log(json ? text : traceLine(last, text));
    }
  } while (follow && isOver(last) && !interrupt.signal.aborted);
}

/** Whether only its time has ended it. */
function isOver(last: TraceLine | undefined): boolean {
  return last?.line === "end" && last.why === "time";
}

/** The lines of one trace; those that only keep the connection open are left out. */
async function* traceLines(target: Target, request: string, signal: AbortSignal): AsyncGenerator<string> {
  try {
    const response = await requestApi(target, "trace", request, signal);
    if (!response.body || response.headers.get("Content-Type") !== "application/x-ndjson") {
      throw new Failure(failureOf(response, await response.text()));
    }
    const lines = createInterface({ input: Readable.fromWeb(response.body as ReadableStream) });
    for await (const line of lines) if (line !== "") yield line;
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof Failure ? error : new Failure(whyUnreached(target.url, error));
  }
}

function failureOf(response: Response, text: string): string {
  const { body } = readAnswer(response, text);
  return "error" in body ? wordsOf(body.error) : "what answers is no trace";
}
