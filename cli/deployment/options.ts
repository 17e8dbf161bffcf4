import type { Command } from "commander";
import { profilesPath, readProfiles } from "./profile-file.ts";
import { readSecret } from "./standard-input.ts";
import { type Target, targetOf } from "./target.ts";

/** The options of every command that asks a gateway. */
export interface GatewayOptions {
  readonly profile?: string;
  readonly url?: string;
  readonly keyStdin?: true;
  readonly insecure?: true;
}

export function addGatewayOptions(command: Command): Command {
  return command
    .option("--profile <name>", "the gateway of this profile")
    .option("--url <address>", "the gateway at this address, such as https://realtime.example.com")
    .option("--key-stdin", "read the key of the API from the standard input")
    .option("--insecure", "allow http:// to another machine, which shows the key to the network");
}

/** The gateway that the options, the environment or a profile names. */
export async function findTarget({ keyStdin, ...options }: GatewayOptions): Promise<Target> {
  const key = keyStdin ? await readSecret("API key: ") : undefined;
  return targetOf({ ...options, key }, process.env, readProfiles(profilesPath(process.env)));
}
