/**
 * The versions of what outlives a build or goes to another one. While a release spreads, hubs of two builds serve one
 * channel together, and an object may go back to the build before. So each thing carries its version: attachments
 * `{ version, client, state }`, rows in their column `version`, calls in their member `version`. These envelopes never
 * change; what is in them may, by one version at a release. In memory everything is as the build's own code has it.
 */
import type { CallForms, MethodForms } from "./call-forms.ts";
import type { Method } from "./hub-rpc.ts";
import { version1 } from "./version-1/forms.ts";

/** The versions that a build knows. */
export interface Versions {
  /** What it writes, and calls hubs in that know it. */
  readonly current: number;
  /** The oldest that it understands, and speaks to hubs that know no newer one: the one before, from the second on. */
  readonly oldest: number;
}

/** What is stored and has a form of its own: a session's state, a history row's publications. */
export type Stored = "state" | "publications";

export interface StoredVersions extends Versions {
  /**
   * What it writes where nothing but JSON is concerned: streams, their text, sessions that speak JSON. A build that knows
   * no Protobuf reads all of that, and finds the rest unknown, so going back to it loses nothing else.
   */
  readonly json: number;
  write(what: Stored, text: string, version: number): string;
  read(what: Stored, written: string, version: number): string;
}

export interface CallVersions extends Versions {
  /** By version. A version that is not named here has the forms of memory, as has a method that a version does not name. */
  readonly forms: Readonly<Record<number, CallForms>>;
}

export interface WireVersions {
  readonly stored: StoredVersions;
  readonly calls: CallVersions;
}

/** The versions of this build. */
export const wireVersions: WireVersions = {
  stored: { current: 2, json: 1, oldest: 1, write: (_what, text) => text, read: (_what, written) => written },
  calls: { current: 2, oldest: 1, forms: { 1: version1 } },
};

export function isKnown({ current, oldest }: Versions, version: number): boolean {
  return version >= oldest && version <= current;
}

/** How a method's calls and answers are written in a version; undefined: as they are in memory. */
export function formsOf<Name extends Method>(
  { forms }: CallVersions,
  method: Name,
  version: number,
): MethodForms<Name> | undefined {
  return forms[version]?.[method];
}
