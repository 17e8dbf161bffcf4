import type { Command } from "commander";
import { type AskOptions, askMethod } from "../api/ask.ts";
import { addGatewayOptions } from "../deployment/options.ts";
import { counted, table } from "../print/table.ts";

const NEEDS = "It needs the directory, and is as late as reports are.";

export function describeChannels(command: Command): void {
  addGatewayOptions(command)
    .description(`List the channels that have subscribers, the largest first. ${NEEDS}`)
    .argument("[pattern]", "a glob, such as 'chat:*'", "")
    .option("--json", "print the answer of the API")
    .addHelpText("after", "\nExample:\n  $ poorwill channels 'public:*'")
    .action(listChannels);
}

function listChannels(pattern: string, options: AskOptions): Promise<void> {
  return askMethod("channels", { pattern }, options, ({ channels }) => {
    const rows = Object.entries(channels)
      .map(([name, { num_clients }]) => [num_clients, name] as const)
      .sort(([one], [other]) => other - one);
    if (rows.length === 0) return ["no channel"];
    return [...table(["CONNECTIONS", "CHANNEL"], rows), "", counted(rows.length, "channel")];
  });
}

export function describeInfo(command: Command): void {
  addGatewayOptions(command)
    .description(`List the hubs that have connections, awake or asleep. ${NEEDS}`)
    .option("--json", "print the answer of the API")
    .addHelpText("after", "\nExample:\n  $ poorwill info")
    .action(listHubs);
}

function listHubs(options: AskOptions): Promise<void> {
  return askMethod("info", {}, options, ({ nodes }) => {
    const rows = nodes.map(({ num_clients, num_users, num_channels, num_subs, uptime, version, name }) => [
      num_clients,
      num_users,
      num_channels,
      num_subs,
      uptime,
      version,
      name,
    ]);
    if (rows.length === 0) return ["no hub has a connection"];
    const heads = ["CONNECTIONS", "USERS", "CHANNELS", "SUBSCRIPTIONS", "SECONDS", "VERSION", "HUB"];
    return [...table(heads, rows), "", counted(rows.length, "hub")];
  });
}
