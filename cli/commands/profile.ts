import type { Command } from "commander";
import { readAddress } from "../deployment/address.ts";
import { profilesPath, readProfiles, writeProfiles } from "../deployment/profile-file.ts";
import { type Profiles, withCurrent, withoutProfile, withProfile } from "../deployment/profiles.ts";
import { readSecret } from "../deployment/standard-input.ts";
import { readKey } from "../deployment/target.ts";
import { table } from "../print/table.ts";
import { printJson } from "./print.ts";

interface ChangeOptions {
  readonly json?: true;
}

interface AddOptions extends ChangeOptions {
  readonly insecure?: true;
}

const EXAMPLES = `
Keys are in ~/.config/poorwill/profiles.json, which only you can read, and are never shown.

Examples:
  $ poorwill profile add staging https://staging.example.com < staging.key
  $ poorwill profile use staging`;

export function describeProfile(command: Command): void {
  command.description("Keep the addresses and keys of several gateways.").addHelpText("after", EXAMPLES);
  command
    .command("add")
    .description("Keep a gateway, or change it. The key is asked for, or read from the standard input.")
    .argument("<name>")
    .argument("<address>", "such as https://realtime.example.com")
    .option("--insecure", "allow http:// to another machine, which shows the key to the network")
    .option("--json", "print the profiles, without keys")
    .action(addProfile);
  command
    .command("list")
    .description("List them, without their keys. The one in use has a *.")
    .option("--json", "print the profiles, without keys")
    .action(({ json }: ChangeOptions) => show(read(), json));
  command
    .command("use")
    .description("Use this one where no other is named.")
    .argument("<name>")
    .option("--json", "print the profiles, without keys")
    .action((name: string, { json }: ChangeOptions) => change((all) => withCurrent(all, name), json));
  command
    .command("remove")
    .description("Forget one, and its key.")
    .argument("<name>")
    .option("--json", "print the profiles, without keys")
    .action((name: string, { json }: ChangeOptions) => change((all) => withoutProfile(all, name), json));
}

async function addProfile(name: string, address: string, { insecure, json }: AddOptions): Promise<void> {
  const url = readAddress(address, insecure);
  // So that a wrong name is told before the key is typed.
  withProfile(read(), name, { url });
  const key = await readSecret("API key (none: press enter): ");
  change((all) => withProfile(all, name, { url, ...(key.trim() === "" ? {} : { key: readKey(key) }) }), json);
}

function read(): Profiles {
  return readProfiles(profilesPath(process.env));
}

function change(next: (profiles: Profiles) => Profiles, json: true | undefined): void {
  const profiles = next(read());
  writeProfiles(profilesPath(process.env), profiles);
  show(profiles, json);
}

function show({ current, profiles }: Profiles, json: true | undefined): void {
  const list = Object.entries(profiles).map(([name, { url, key }]) => ({
    name,
    url,
    hasKey: key !== undefined,
    isCurrent: name === current,
  }));
  if (json) printJson({ profiles: list });
  else if (list.length === 0) console.log("no profile");
  else {
    const rows = list.map(({ name, url, hasKey, isCurrent }) => [
      isCurrent ? "*" : "",
      name,
      hasKey ? "yes" : "no",
      url,
    ]);
    for (const line of table(["", "NAME", "KEY", "ADDRESS"], rows)) console.log(line);
  }
}
