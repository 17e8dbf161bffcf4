/**
 * Rights of operators, named among the `methods` of a key: to look at everything (`observe`), to act on clients and channels
 * (`operate`), and to follow what clients do (`trace`).
 */
export const RIGHTS = ["observe", "operate", "trace"] as const;

export type Right = (typeof RIGHTS)[number];

const BROUGHT: Readonly<Record<Right, readonly string[]>> = {
  observe: ["overview", "overview_channels", "user_connections"],
  operate: ["disconnect", "unsubscribe", "publish", "block_user", "unblock_user"],
  trace: ["trace"],
};

/** Methods that a key may name by themselves, although a right brings them too. */
const COMMON = new Set(["disconnect", "unsubscribe", "publish"]);

export function isRight(name: string): name is Right {
  return RIGHTS.some((right) => right === name);
}

/** The right that brings a method. */
export function rightFor(method: string): Right | undefined {
  return RIGHTS.find((right) => BROUGHT[right].includes(method));
}

/** Whether a method may be called by nobody without the right that brings it. */
export function needsRight(method: string): boolean {
  return rightFor(method) !== undefined && !COMMON.has(method);
}
