import type { Command } from "commander";
import { type Migration, migrate } from "../migrate/migrate.ts";
import { parseCentrifugo } from "../migrate/read-config.ts";
import { asTypeScript } from "../migrate/typescript.ts";
import { readText } from "../project/files.ts";
import { UsageError } from "../usage-error.ts";
import { printJson } from "./print.ts";

const EXAMPLES = `
The settings go to the standard output, and what else there is to do to the standard error. Secrets are not printed.

Example:
  $ poorwill migrate config.json > channels.ts`;

export function describeMigrate(command: Command): void {
  command
    .description(
      "Turn a configuration of Centrifugo 6 into the channels of a gateway, and list what has no counterpart.",
    )
    .argument("<file>", "config.json, config.toml or config.yaml")
    .option("--json", "print settings, variables, and what is not carried over as JSON")
    .addHelpText("after", EXAMPLES)
    .action(printMigration);
}

function printMigration(file: string, { json }: { readonly json?: true }): void {
  const text = readText(file);
  if (text === undefined) throw new UsageError(`there is no ${file}`);
  const migration = migrate(parseCentrifugo(file, text));
  if (json) printJson(withoutSecrets(migration));
  else {
    console.log(moduleOf(migration));
    for (const line of remarks(migration)) console.error(line);
  }
}

/** The module that `worker.ts` imports. */
function moduleOf({ channels }: Migration): string {
  const start = "export const channels: Config = ";
  return `import type { Config } from "poorwill";\n\n${start}${asTypeScript(channels, "", start.length)};`;
}

function withoutSecrets({ variables, ...rest }: Migration): object {
  return {
    ...rest,
    variables: variables.map(({ value, ...variable }) =>
      variable.isSecret ? variable : { ...variable, value },
    ),
  };
}

function remarks({ channels, variables, absent, refused }: Migration): string[] {
  return [
    ...section(
      "Into the environment:",
      variables.map(({ name, from, isSecret, value }) =>
        isSecret
          ? `npx wrangler secret put ${name}    (${from})`
          : `[vars] ${name} = ${JSON.stringify(value)}`,
      ),
    ),
    ...section(
      "Not carried over:",
      absent.map(({ key, instead }) => `${key}: ${instead}`),
    ),
    ...section(
      "The gateway would refuse, so change:",
      refused.map(({ key, message }) => `${key}: ${message}`),
    ),
    ...(channels.withoutNamespace === undefined
      ? section("To know:", [
          "channels without a namespace are error 102; `withoutNamespace: {}` allows them",
        ])
      : []),
  ];
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", heading, ...lines.map((line) => `  ${line}`)];
}
