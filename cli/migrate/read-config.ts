import { extname } from "node:path";
import { parse as parseToml } from "smol-toml";
import { parse as parseYaml } from "yaml";
import { UsageError } from "../usage-error.ts";

type Parse = (text: string) => unknown;

const PARSERS: Readonly<Record<string, Parse>> = {
  ".json": JSON.parse,
  ".toml": parseToml,
  ".yaml": parseYaml,
  ".yml": parseYaml,
};

/** @throws UsageError for a file that is no configuration. */
export function parseCentrifugo(file: string, text: string): Readonly<Record<string, unknown>> {
  const parse = PARSERS[extname(file).toLowerCase()];
  if (parse === undefined)
    throw new UsageError(`${file}: must be .json, .toml, .yaml or .yml, as for Centrifugo`);
  const config = parsed(parse, file, text);
  if (typeof config === "object" && config !== null && !Array.isArray(config)) return { ...config };
  throw new UsageError(`${file}: is no configuration`);
}

function parsed(parse: Parse, file: string, text: string): unknown {
  try {
    const config = parse(text);
    // An alias of YAML may lead back to what holds it, which no configuration means: JSON has no form for it.
    JSON.stringify(config);
    return config;
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
  }
}
