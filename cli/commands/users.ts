import { type Command, InvalidArgumentError } from "commander";
import type { ApiResult } from "../../src/api/method-types.ts";
import { type AskOptions, askMethod } from "../api/ask.ts";
import { addGatewayOptions } from "../deployment/options.ts";
import { durationSeconds } from "../migrate/duration.ts";
import { counted, table } from "../print/table.ts";
import { wholeNumber } from "./numbers.ts";

interface DisconnectOptions extends AskOptions {
  readonly client?: string;
  readonly code?: number;
  readonly reason?: string;
}

interface UnsubscribeOptions extends AskOptions {
  readonly client?: string;
  readonly channel?: string;
}

interface BlockOptions extends AskOptions {
  readonly for?: number;
  readonly reason?: string;
}

const NEEDS = "It needs userCommands in the configuration of the gateway.";

export function describeDisconnect(command: Command): void {
  addGatewayOptions(command)
    .description(`Close the connections of a user. ${NEEDS}`)
    .argument("<user>")
    .option("--client <id>", "only this connection of the user")
    .option(
      "--code <number>",
      "the close code; 3503, the default, tells clients to stay away",
      wholeNumber(3000, 4999),
    )
    .option("--reason <words>", "the reason beside the code")
    .option("--json", "print the answer of the API")
    .addHelpText("after", "\nExample:\n  $ poorwill disconnect ann --code 4500 --reason banned")
    .action(disconnect);
}

function disconnect(user: string, { client, code, reason, ...options }: DisconnectOptions): Promise<void> {
  return askMethod("disconnect", { user, client, disconnect: { code, reason } }, options, done);
}

export function describeUnsubscribe(command: Command): void {
  addGatewayOptions(command)
    .description(`End subscriptions of a user. ${NEEDS}`)
    .argument("<user>")
    .option("--channel <name>", "only those to this channel")
    .option("--client <id>", "only those of this connection")
    .option("--json", "print the answer of the API")
    .addHelpText("after", "\nExample:\n  $ poorwill unsubscribe ann --channel public:news")
    .action(unsubscribe);
}

function unsubscribe(user: string, { client, channel, ...options }: UnsubscribeOptions): Promise<void> {
  return askMethod("unsubscribe", { user, client, channel }, options, done);
}

export function describeBlock(command: Command): void {
  addGatewayOptions(command)
    .description(
      `Close the connections of a user, and refuse new ones. ${NEEDS} The key needs the right operate.`,
    )
    .argument("<user>")
    .option("--for <duration>", "such as 30m or 72h; 366 days otherwise", readDuration)
    .option("--reason <words>", "what the clients of the user are told")
    .option("--json", "print the answer of the API")
    .addHelpText("after", "\nExample:\n  $ poorwill block ann --for 24h --reason 'banned until tomorrow'")
    .action(block);
}

function block(user: string, { for: seconds, reason, ...options }: BlockOptions): Promise<void> {
  const until = seconds === undefined ? undefined : Math.ceil(Date.now() / 1000 + seconds);
  const end = until === undefined ? "for 366 days" : `until ${new Date(until * 1000).toISOString()}`;
  return askMethod("block_user", { user, until, reason }, options, () => [`blocked ${end}`]);
}

function readDuration(text: string): number {
  const seconds = durationSeconds(text);
  if (seconds !== undefined && seconds >= 1) return seconds;
  throw new InvalidArgumentError("It is a number with s, m or h, such as 30m or 72h.");
}

export function describeUnblock(command: Command): void {
  addGatewayOptions(command)
    .description(`Let a user in again who was blocked. ${NEEDS} The key needs the right operate.`)
    .argument("<user>")
    .option("--json", "print the answer of the API")
    .addHelpText("after", "\nExample:\n  $ poorwill unblock ann")
    .action(unblock);
}

function unblock(user: string, options: AskOptions): Promise<void> {
  return askMethod("unblock_user", { user }, options, () => ["not blocked any more"]);
}

export function describeConnections(command: Command): void {
  addGatewayOptions(command)
    .description(`List the connections of a user. ${NEEDS} The key needs the right observe.`)
    .argument("<user>")
    .option("--json", "print the answer of the API")
    .addHelpText("after", "\nExample:\n  $ poorwill connections ann")
    .action(listConnections);
}

function listConnections(user: string, options: AskOptions): Promise<void> {
  return askMethod("user_connections", { user }, options, connectionLines);
}

function connectionLines({ connections, more, unanswered }: ApiResult<"user_connections">): string[] {
  const rows = connections.map(({ client, transport, protocol, connected_at, hub, channels, ...counts }) => [
    client,
    transport,
    protocol,
    new Date(connected_at).toISOString().slice(0, 19),
    counts.num_subscriptions,
    hub,
    channels.join(" "),
  ]);
  const heads = ["CLIENT", "TRANSPORT", "PROTOCOL", "SINCE", "SUBSCRIPTIONS", "HUB", "CHANNELS"];
  return [
    ...(rows.length === 0 ? [] : [...table(heads, rows), ""]),
    counted(connections.length + more, "connection"),
    ...(more > 0 ? [`${counted(more, "connection")} not listed`] : []),
    ...(unanswered > 0 ? [`${counted(unanswered, "hub")} did not answer, and may have more`] : []),
  ];
}

/** The answer is the same whether or not the user is connected. */
function done(): readonly string[] {
  return ["done, on every hub that holds the user"];
}
