import { type Command, InvalidArgumentError } from "commander";
import type { ApiResult } from "../../src/api/method-types.ts";
import { type AskOptions, askMethod } from "../api/ask.ts";
import { payloadsOf } from "../api/payloads.ts";
import { addGatewayOptions } from "../deployment/options.ts";
import { counted, table } from "../print/table.ts";
import { wholeNumber } from "./numbers.ts";

interface HistoryOptions extends AskOptions {
  readonly limit: number;
  readonly since?: Position;
  readonly reverse?: true;
}

interface Position {
  readonly offset: number;
  readonly epoch: string;
}

const EXAMPLES = `
Examples:
  $ poorwill history public:news --limit 1 --reverse
  $ poorwill history public:news --since 12:kGxvUuWc --json | jq .result.publications`;

export function describeHistory(command: Command): void {
  addGatewayOptions(command)
    .description("Show what a channel keeps, the oldest first.")
    .argument("<channel>")
    .option("--limit <count>", "publications at most; 0 shows the position only", wholeNumber(0), 10)
    .option("--since <offset:epoch>", "only what came after this position", readPosition)
    .option("--reverse", "the newest first")
    .option("--json", "print the answer of the API")
    .addHelpText("after", EXAMPLES)
    .action(showHistory);
}

function showHistory(channel: string, { limit, since, reverse, ...options }: HistoryOptions): Promise<void> {
  return askMethod("history", { channel, limit, since, reverse }, options, inWords);
}

function inWords({ publications, offset, epoch }: ApiResult<"history">, text: string): readonly string[] {
  const payload = payloadsOf(text);
  const rows = publications.map((publication, index) => [
    publication.offset ?? 0,
    publication.info?.user ?? "",
    payload(["result", "publications", index, publication.b64data === undefined ? "data" : "b64data"]),
  ]);
  const top = `${counted(publications.length, "publication")}, the stream is at offset ${offset} of epoch ${epoch}`;
  return rows.length === 0 ? [top] : [...table(["OFFSET", "USER", "DATA"], rows), "", top];
}

function readPosition(text: string): Position {
  const [, offset, epoch] = /^(\d+):(.+)$/.exec(text) ?? [];
  if (offset === undefined || epoch === undefined || !Number.isSafeInteger(Number(offset))) {
    throw new InvalidArgumentError("It is an offset and an epoch, as history prints them: 12:kGxvUuWc");
  }
  return { offset: Number(offset), epoch };
}
