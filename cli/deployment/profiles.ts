import * as v from "valibot";
import { UsageError } from "../usage-error.ts";

/** A deployed gateway, as the user calls it. */
export interface Profile {
  readonly url: string;
  readonly key?: string | undefined;
}

/** All of them, by name. */
export interface Profiles {
  /** The one that counts where no other is named. */
  readonly current?: string | undefined;
  readonly profiles: Readonly<Record<string, Profile>>;
}

export const NO_PROFILES: Profiles = { profiles: {} };

const schema = v.object({
  current: v.optional(v.string()),
  profiles: v.record(v.string(), v.object({ url: v.string(), key: v.optional(v.string()) })),
});

/** @throws UsageError where the text is no list of profiles. It holds keys, so nothing of it is shown. */
export function parseProfiles(path: string, text: string): Profiles {
  const read = v.safeParse(schema, jsonOf(text));
  if (!read.success) throw new UsageError(`${path} is no list of profiles: correct it, or delete it`);
  return read.output;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The first profile is the one that counts. */
export function withProfile({ current, profiles }: Profiles, name: string, profile: Profile): Profiles {
  if (!/^[a-z\d][\w.-]{0,63}$/i.test(name)) {
    throw new UsageError("a name has 1 to 64 letters, digits, and . _ - after the first");
  }
  return { current: current ?? name, profiles: { ...profiles, [name]: profile } };
}

export function withoutProfile(all: Profiles, name: string): Profiles {
  profileNamed(all, name);
  const { [name]: _, ...profiles } = all.profiles;
  return { ...(all.current === name ? {} : { current: all.current }), profiles };
}

export function withCurrent(all: Profiles, name: string): Profiles {
  profileNamed(all, name);
  return { ...all, current: name };
}

/** @throws UsageError where there is none, with those that there are. */
export function profileNamed({ profiles }: Profiles, name: string): Profile {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile !== undefined) return profile;
  const names = Object.keys(profiles);
  const those = names.length === 0 ? "poorwill profile add makes one" : `there are ${names.join(", ")}`;
  throw new UsageError(`there is no profile ${name}: ${those}`);
}
