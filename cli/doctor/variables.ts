import { isIgnored } from "../project/git-ignore.ts";
import type { Project } from "../project/read-project.ts";
import { advice, type Finding, right, wrong } from "./finding.ts";

/** Keys that nobody else may know: they are secrets, and never stand in wrangler's file. */
const SECRETS = [
  "TOKEN_HMAC_SECRET",
  "TOKEN_HMAC_PREVIOUS_SECRET",
  "API_KEY",
  "API_KEYS",
  "OPERATOR_KEYS",
  "BACKEND_SIGNATURE_SECRET",
];
const TOKEN_KEYS = [
  "TOKEN_HMAC_SECRET",
  "TOKEN_RSA_PUBLIC_KEY",
  "TOKEN_ECDSA_PUBLIC_KEY",
  "TOKEN_JWKS_ENDPOINT",
];

/** Variables and secrets: what is there, and where it stands. Whether their values are good is checked as settings. */
export function checkVariables(project: Project): Finding[] {
  const { config, wranglerFile, devVars } = project;
  const { vars = {} } = config;
  const there = (name: string) => Boolean(devVars?.values[name] || vars[name]);
  return [
    ...SECRETS.filter((name) => vars[name]).map((name) =>
      wrong(
        `secret ${name}`,
        `stands in ${wranglerFile}, for everybody who reads the code`,
        `npx wrangler secret put ${name}`,
      ),
    ),
    ...(vars.ENVIRONMENT === "development"
      ? [
          wrong(
            "ENVIRONMENT",
            "a deployed gateway would be in development, where everybody may connect",
            `take it out of ${wranglerFile}`,
          ),
        ]
      : []),
    checkAny(project, TOKEN_KEYS.filter(there), "keys for tokens", "only anonymous clients could connect"),
    checkAny(
      project,
      ["API_KEY", "API_KEYS"].filter(there),
      "keys for the API",
      "the HTTP API and /metrics are closed",
    ),
    ...checkIgnored(project),
  ];
}

function checkAny({ devVars }: Project, names: readonly string[], about: string, otherwise: string): Finding {
  return names.length > 0
    ? right(about, names.join(", "))
    : advice(
        about,
        `are not in ${devVars?.file ?? ".dev.vars"}: ${otherwise}`,
        "`poorwill init` adds them; a deployed gateway needs its own: npx wrangler secret put",
      );
}

function checkIgnored({ devVars, gitignore }: Project): Finding[] {
  if (devVars === undefined) return [];
  const about = ".gitignore";
  return isIgnored(gitignore, devVars.file)
    ? [right(about, `keeps ${devVars.file} out of git`)]
    : [advice(about, `does not name ${devVars.file}, which holds secrets`, `add a line: ${devVars.file}`)];
}
