import type { Command } from "commander";
import { type AskOptions, askMethod } from "../api/ask.ts";
import { addGatewayOptions } from "../deployment/options.ts";
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

/** The answer is the same whether or not the user is connected. */
function done(): readonly string[] {
  return ["done, on every hub that holds the user"];
}
