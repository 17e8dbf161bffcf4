/** What `npm run compare` has measured, as `bench/compare.json` holds it. */
export interface CompareResults {
  readonly measured: readonly string[];
  readonly comparisons: readonly Compared[];
  /** Peers that were not measured, and why. */
  readonly leftOut: readonly LeftOut[];
}

export interface Compared {
  readonly title: string;
  readonly unit: string;
  readonly isLessBetter: boolean;
  /** The median of each target that has something of the kind. */
  readonly medians: Readonly<Record<string, number>>;
}

export interface LeftOut {
  readonly peer: string;
  readonly why: string;
}

/** This gateway among the targets. */
export const OURS = "poorwill";
