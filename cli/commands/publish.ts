import type { Command } from "commander";
import type { ApiResult } from "../../src/api/method-types.ts";
import { type AskOptions, ask } from "../api/ask.ts";
import { addGatewayOptions } from "../deployment/options.ts";
import { readStandardInput } from "../deployment/standard-input.ts";
import { UsageError } from "../usage-error.ts";

interface PublishOptions extends AskOptions {
  readonly idempotencyKey?: string;
  readonly skipHistory?: true;
}

const EXAMPLES = `
Examples:
  $ poorwill publish public:news '{"title":"Hello"}'
  $ jq .release package.json | poorwill publish public:releases -`;

export function describePublish(command: Command): void {
  addGatewayOptions(command)
    .description("Publish to a channel.")
    .argument("<channel>")
    .argument("<data>", "JSON, or - to read it from the standard input")
    .option("--idempotency-key <key>", "with one key it is published once in five minutes")
    .option("--skip-history", "do not store it")
    .option("--json", "print the answer of the API")
    .addHelpText("after", EXAMPLES)
    .action(publish);
}

async function publish(channel: string, data: string, options: PublishOptions): Promise<void> {
  const { idempotencyKey: idempotency_key, skipHistory: skip_history, ...rest } = options;
  const json = checkJson(data === "-" ? await piped(options) : data);
  // Spliced in as it is written: read and written again, long numbers would lose digits.
  const parameters = `${JSON.stringify({ channel, idempotency_key, skip_history }).slice(0, -1)},"data":${json}}`;
  await ask<ApiResult<"publish">>("publish", parameters, rest, ({ offset, epoch }) => [
    offset === undefined ? "published" : `published at offset ${offset} of epoch ${epoch}`,
  ]);
}

function piped({ keyStdin }: PublishOptions): Promise<string> {
  if (keyStdin) throw new UsageError("the standard input is the data or the key, not both");
  return readStandardInput();
}

function checkJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new UsageError(`the data is no JSON. A text is written '"hello"', an object '{"title":"Hello"}'`);
  }
}
