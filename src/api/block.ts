import type { BlockUserCommand } from "../hub-rpc/management.ts";
import { DISCONNECTS } from "../shared/codes.ts";
import { BLOCK_LIMITS } from "../shared/limits.ts";
import type { ReadRequest } from "./schemas.ts";

/** The block that a request asks for; `why` tells the log what is wrong with its time. `now` is in milliseconds. */
export function blockOf(
  { user, until: seconds, reason }: ReadRequest<"block_user">,
  now: number,
): BlockUserCommand | { readonly why: string } {
  const longest = now + BLOCK_LIMITS.longest;
  const until = seconds === 0 ? longest : seconds * 1000;
  if (until <= now || until > longest) return { why: "until: expected a time within 366 days from now" };
  return { kind: "block_user", user, until, reason: reason || DISCONNECTS.blocked.reason };
}
