/**
 * The forms of what outlives a build or goes to another one. While a release spreads, hubs of two builds serve one
 * channel together, and an object may go back to the build before. So each thing carries the version of its form:
 * attachments `{ version, client, state }`, rows in their column `version`, calls in their member `version`. These
 * envelopes never change; what is in them may, by one version at a release.
 */

/** What has a form of its own: a session's state, a history row's publications, or what is said to and by a hub. */
export type Written = "state" | "publications" | "call" | "answer";

/** The forms that a build knows. In memory everything is as the build's own code has it. */
export interface WireVersions {
  /** What attachments and rows are written in, and calls to hubs that know it. */
  readonly current: number;
  /** The oldest that is understood, and spoken to hubs that know no newer one: the one before, from the second on. */
  readonly oldest: number;
  /** From memory into the form of a version. */
  write<Value>(what: Written, value: Value, version: number): Value;
  /** From the form of a version into memory. */
  read<Value>(what: Written, value: Value, version: number): Value;
}

/** The forms of this build. There is none before, so nothing has to be turned into anything. */
export const wireVersions: WireVersions = {
  current: 1,
  oldest: 1,
  write: (_what, value) => value,
  read: (_what, value) => value,
};

export function isKnown({ current, oldest }: WireVersions, version: number): boolean {
  return version >= oldest && version <= current;
}
