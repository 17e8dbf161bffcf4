import type { Command } from "commander";
import { type AskOptions, askMethod } from "../api/ask.ts";
import { payloadsOf } from "../api/payloads.ts";
import { addGatewayOptions } from "../deployment/options.ts";
import { counted, table } from "../print/table.ts";

const EXAMPLES = `
Examples:
  $ poorwill presence public:news
  $ poorwill presence public:news --stats --json`;

export function describePresence(command: Command): void {
  addGatewayOptions(command)
    .description("Show who is subscribed to a channel.")
    .argument("<channel>")
    .option("--stats", "only how many they are")
    .option("--json", "print the answer of the API")
    .addHelpText("after", EXAMPLES)
    .action(showPresence);
}

async function showPresence(
  channel: string,
  { stats, ...options }: AskOptions & { readonly stats?: true },
): Promise<void> {
  if (stats) {
    return askMethod("presence_stats", { channel }, options, ({ num_clients, num_users }) => [
      `${counted(num_clients, "connection")} of ${counted(num_users, "user")}`,
    ]);
  }
  return askMethod("presence", { channel }, options, ({ presence }, text) => {
    const payload = payloadsOf(text);
    const rows = Object.entries(presence).map(([client, { user }]) => [
      client,
      `${user}  ${payload(["result", "presence", client, "chan_info"]) || payload(["result", "presence", client, "conn_info"])}`,
    ]);
    if (rows.length === 0) return ["nobody"];
    return [...table(["CLIENT", "USER"], rows), "", counted(rows.length, "connection")];
  });
}
