import { UsageError } from "../usage-error.ts";
import { readAddress } from "./address.ts";
import { type Profiles, profileNamed } from "./profiles.ts";

/** A gateway, and the key for its API. */
export interface Target {
  readonly url: string;
  readonly key?: string | undefined;
}

/** What the command line says about it. */
export interface TargetOptions {
  readonly profile?: string;
  readonly url?: string;
  /** From the standard input. */
  readonly key?: string | undefined;
  readonly insecure?: true;
}

/**
 * Which gateway is meant. What the command line names goes before the environment, and that before the profile in use.
 * The key of a profile goes to the address of that profile only.
 */
export function targetOf(options: TargetOptions, env: NodeJS.ProcessEnv, profiles: Profiles): Target {
  const named = options.profile === undefined ? undefined : profileNamed(profiles, options.profile);
  if (named !== undefined && options.url !== undefined) {
    throw new UsageError("give --profile or --url: a profile has an address of its own");
  }
  const given = options.url ?? (named === undefined ? env.POORWILL_URL || undefined : undefined);
  const profile = given === undefined ? (named ?? currentOf(profiles)) : undefined;
  const url = given ?? profile?.url;
  if (url === undefined) {
    throw new UsageError(
      "which gateway? Give --url or --profile, set POORWILL_URL, or make a profile: poorwill profile add",
    );
  }
  const key = options.key ?? named?.key ?? (env.POORWILL_API_KEY || undefined) ?? profile?.key;
  return { url: readAddress(url, options.insecure), ...(key === undefined ? {} : { key: readKey(key) }) };
}

/** A key as a header can carry it. */
export function readKey(text: string): string {
  const key = text.trim();
  if (!/^[\x20-\x7e]+$/.test(key)) {
    throw new UsageError("the key is empty, or has characters that a header cannot carry");
  }
  return key;
}

function currentOf(profiles: Profiles) {
  return profiles.current === undefined ? undefined : profileNamed(profiles, profiles.current);
}
