import type { Command } from "commander";
import { diagnose } from "../doctor/diagnose.ts";
import type { Finding } from "../doctor/finding.ts";
import { filesOf } from "../project/files.ts";
import { readProject } from "../project/read-project.ts";
import { EXIT } from "../run.ts";
import { printJson } from "./print.ts";

interface DoctorOptions {
  readonly env?: string;
  readonly json?: true;
}

const SIGNS = { right: "✓", wrong: "✗", advice: "!" } as const;

const EXAMPLES = `
The exit status is 1 where something is wrong. Secrets of a deployed gateway cannot be read: those of .dev.vars are checked.

Examples:
  $ poorwill doctor
  $ poorwill doctor my-app --env staging --json`;

export function describeDoctor(command: Command): void {
  command
    .description("Say what is right and what is wrong in the files of a gateway, and the mend.")
    .argument("[folder]", "where wrangler.toml, wrangler.json or wrangler.jsonc is", ".")
    .option("--env <name>", "look at this environment of wrangler's file")
    .option("--json", "print the findings as JSON")
    .addHelpText("after", EXAMPLES)
    .action(printFindings);
}

function printFindings(folder: string, { env, json }: DoctorOptions): void {
  const findings = diagnose(readProject(filesOf(folder), env));
  const count = (status: Finding["status"]) => findings.filter((finding) => finding.status === status).length;
  if (json) printJson({ findings });
  else {
    for (const finding of findings) console.log(lineOf(finding));
    console.log(`\n${count("right")} right, ${count("wrong")} wrong, ${count("advice")} to think about`);
  }
  if (count("wrong") > 0) process.exitCode = EXIT.wrong;
}

function lineOf({ status, about, says, mend }: Finding): string {
  const line = `${SIGNS[status]} ${about}: ${says}`;
  return mend === undefined ? line : `${line}\n    → ${mend}`;
}
