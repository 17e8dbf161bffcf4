/** A file to write. */
export interface Change {
  /** Within the folder. */
  readonly path: string;
  readonly text: string;
  /** `created`: it must not be there yet. `added to`: what was in it is in it still. */
  readonly kind: "created" | "added to";
  /** What was added. */
  readonly says?: string;
}

export interface Plan {
  readonly changes: readonly Change[];
  /** Files that were there, and stay as they are. */
  readonly kept: readonly string[];
  /** What is left to the person. */
  readonly todo: readonly string[];
  /** Commands to run then. */
  readonly next: readonly string[];
}

export interface InitRequest {
  /** The name of a new Worker. */
  readonly name: string;
  /** What `package.json` says of poorwill: a version, a tarball, or an address. */
  readonly dependency: string;
  /** For `.dev.vars`, where there are none yet. */
  readonly secrets: Readonly<Record<"TOKEN_HMAC_SECRET" | "API_KEY", string>>;
}

/** A plan for each file, as one. */
export function joined(plans: readonly Partial<Plan>[]): Plan {
  return {
    changes: plans.flatMap(({ changes = [] }) => changes),
    kept: plans.flatMap(({ kept = [] }) => kept),
    todo: plans.flatMap(({ todo = [] }) => todo),
    next: plans.flatMap(({ next = [] }) => next),
  };
}
