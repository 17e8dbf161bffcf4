import { type Command, InvalidArgumentError } from "commander";
import { readDevVars } from "../project/dev-vars.ts";
import { filesOf } from "../project/files.ts";
import { secretNamed, signToken } from "../token/token.ts";
import { printJson } from "./print.ts";

interface TokenOptions {
  readonly user: string;
  readonly channel?: string;
  readonly ttl: number;
  readonly info?: Parsed;
  readonly secret: string;
  readonly env?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  $ poorwill token --user ann
  $ poorwill token --user ann --channel 'news:42' --ttl 600 --info '{"name":"Ann"}'`;

export function describeToken(command: Command): void {
  command
    .description("Make a token to connect with, or with --channel a token to subscribe with.")
    .requiredOption("--user <id>", "who the token is for; '' is an anonymous user")
    .option("--channel <name>", "make a subscription token for this channel")
    .option("--ttl <seconds>", "how long it is valid", readSeconds, 3600)
    .option("--info <json>", "shown to others beside the user id", readInfo)
    .option("--secret <name>", "the variable or secret to sign with", "TOKEN_HMAC_SECRET")
    .option("--env <name>", "read .dev.vars.<name> where it is there")
    .option("--json", "print the token and its claims as JSON")
    .addHelpText("after", EXAMPLES)
    .action(printToken);
}

async function printToken({ user, channel, ttl, info, secret, env, json }: TokenOptions): Promise<void> {
  const devVars = readDevVars(filesOf(process.cwd()), env);
  const signed = await signToken(
    { user, channel, ttl, info: info?.json },
    secretNamed(secret, process.env, devVars?.values),
  );
  if (json) printJson(signed);
  else console.log(signed.token);
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (!Number.isSafeInteger(seconds) || seconds < 1) {
    throw new InvalidArgumentError("It is a whole number of seconds, 1 or more.");
  }
  return seconds;
}

/** Commander makes `""` of an option that is null. */
interface Parsed {
  readonly json: unknown;
}

function readInfo(text: string): Parsed {
  try {
    return { json: JSON.parse(text) };
  } catch {
    throw new InvalidArgumentError(`It is JSON, such as '{"name":"Ann"}'.`);
  }
}
