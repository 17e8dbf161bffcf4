/** What the view says in place of an overview: what is missing, and the lines that turn it on. */

import type { Right } from "./operator.ts";

export interface Notice {
  readonly title: string;
  readonly text: string;
  /** Lines of configuration. */
  readonly lines: string;
}

const KEY_LINE = `OPERATOR_KEYS='[{"name":"me","key":"…","methods":["observe","operate","trace"]}]'`;
const DIRECTORY_LINE = "operations: { directory: true }";

export const SIGNED_OUT: Notice = {
  title: "See the whole gateway",
  text: "Hubs, channels by size, errors, refusals and recoveries, live; what one user or client does; and what an operator can do about it. It needs a key with rights of its own, and the directory. Set the key as a secret of the Worker, and turn the directory on in the gateway's configuration:",
  lines: `${KEY_LINE}\n${DIRECTORY_LINE}`,
};

export const NO_DIRECTORY: Notice = {
  title: "The directory is off",
  text: "Hubs tell nobody what they do, so there is nothing to show. Turn it on in the gateway's configuration (src/config.ts, or channels of createGateway), and deploy:",
  lines: DIRECTORY_LINE,
};

/** For a key that may not look, if that is so. */
export function missingRight(rights: readonly Right[]): Notice | undefined {
  if (rights.includes("observe")) return undefined;
  return {
    title: "This key may not look",
    text: `It may only ${rights.join(" and ")}. To see hubs and channels, its methods have to name observe.`,
    lines: "",
  };
}
