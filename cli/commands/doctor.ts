import type { Command } from "commander";
import { addGatewayOptions, findTarget, type GatewayOptions } from "../deployment/options.ts";
import { diagnose } from "../doctor/diagnose.ts";
import type { Finding } from "../doctor/finding.ts";
import { askLive } from "../doctor/live/ask-live.ts";
import { filesOf } from "../project/files.ts";
import { readProject } from "../project/read-project.ts";
import { EXIT } from "../run.ts";
import { printJson } from "./print.ts";

interface DoctorOptions extends GatewayOptions {
  readonly live?: true;
  readonly env?: string;
  readonly json?: true;
}

const SIGNS = { right: "✓", wrong: "✗", advice: "!" } as const;

const EXAMPLES = `
The exit status is 1 where something is wrong. Secrets of a deployed gateway cannot be read: those of .dev.vars are checked.

Examples:
  $ poorwill doctor
  $ poorwill doctor my-app --env staging --json
  $ poorwill doctor --live --profile production`;

export function describeDoctor(command: Command): void {
  addGatewayOptions(command)
    .description(
      "Say what is right and what is wrong in the files of a gateway, or in one that runs, and the mend.",
    )
    .argument("[folder]", "where wrangler.toml, wrangler.json or wrangler.jsonc is", ".")
    .option("--env <name>", "look at this environment of wrangler's file")
    .option("--live", "ask a gateway that runs: what keeps its objects awake")
    .option("--json", "print the findings as JSON")
    .addHelpText("after", EXAMPLES)
    .action(printFindings);
}

async function printFindings(folder: string, { env, live, json, ...gateway }: DoctorOptions): Promise<void> {
  const findings = live
    ? await askLive(await findTarget(gateway))
    : diagnose(readProject(filesOf(folder), env));
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
