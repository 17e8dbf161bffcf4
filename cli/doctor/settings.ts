import { type Config, resolveConfig } from "../../src/config/config.ts";
import { ConfigError, type ConfigProblem } from "../../src/shared/config-error.ts";
import { CODE } from "../project/literals.ts";
import { memberOf } from "../project/options.ts";
import type { Project } from "../project/read-project.ts";
import { advice, type Finding, right, wrong } from "./finding.ts";

/** What the gateway itself would say at its start: of `channels`, of the keys, and of the origins. */
export function checkSettings(project: Project): Finding[] {
  const channels = readChannels(project);
  const problems = problemsOf(channels.config, bindingsOf(project));
  return [
    ...problems.map(({ key, message }) => wrong(key, message, mendOf(key))),
    ...(problems.some(({ key }) => key === "ALLOWED_ORIGINS") ? [] : [checkOrigins(project)]),
    ...(problems.length === 0 || channels.finding.status === "advice" ? [channels.finding] : []),
  ];
}

/** The configuration where it can be read, and what there is to say about that. */
function readChannels({ worker }: Project): { readonly config: Config; readonly finding: Finding } {
  const about = "channels";
  const option = worker?.option("channels");
  if (option === undefined || "absent" in option) {
    return { config: {}, finding: advice(about, "none are configured: clients can use rooms only") };
  }
  const config = withoutHooks(option.value);
  if (config === undefined) {
    const says = "are made by code, and were not checked: the gateway names what is wrong when it starts";
    return { config: {}, finding: advice(about, says, "npx wrangler dev") };
  }
  return { config, finding: right(about, namesOf(config)) };
}

function namesOf({ namespaces }: Config): string {
  const names = Array.isArray(namespaces) ? namespaces.map((namespace) => memberOf(namespace, "name")) : [];
  return names.length === 0 ? "no namespaces" : `namespaces ${names.join(", ")}`;
}

/** Hooks are code by their nature, and nothing is wrong with that. Anything else must be known whole to be checked. */
function withoutHooks(value: unknown): Config | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { hooks: _, ...config } = value as Config;
  return hasCode(config) ? undefined : config;
}

function hasCode(value: unknown): boolean {
  if (value === CODE) return true;
  if (typeof value !== "object" || value === null) return false;
  return Reflect.ownKeys(value).some((key) => key === CODE || hasCode(Reflect.get(value, key)));
}

/** What the Worker gets in development. Of queues only the names are known. */
function bindingsOf({ config, devVars }: Project): object {
  const queues = (config.queues?.producers ?? []).map(({ binding }) => [binding, { send() {} }] as const);
  return { ...config.vars, ...devVars?.values, ...Object.fromEntries(queues) };
}

function problemsOf(config: Config, bindings: object): readonly ConfigProblem[] {
  try {
    resolveConfig(config, bindings);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function checkOrigins({ config: { vars = {} }, devVars }: Project): Finding {
  const about = "ALLOWED_ORIGINS";
  const origins = String(devVars?.values[about] || vars[about] || "");
  if (origins === "") return right(about, "only pages of the gateway's own address may connect");
  return origins.split(/[\s,]+/).includes("*")
    ? advice(about, "pages of every origin may connect", "name yours: https://app.example.com")
    : right(about, origins);
}

function mendOf(key: string): string {
  if (key === "ALLOWED_ORIGINS") return "list origins, separated by commas: https://app.example.com";
  return /^(subscriptionT|t)okens\./.test(key)
    ? "openssl rand -base64 32 makes a secret"
    : `change it in channels of createGateway`;
}
