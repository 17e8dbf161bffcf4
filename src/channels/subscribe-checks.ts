import type { SubscribeCommand } from "../protocol/messages.ts";
import { DISCONNECTS, ERRORS } from "../shared/codes.ts";
import { closeWith, failWith, type Refusal } from "../shared/refusal.ts";
import type { NameCheck } from "./names.ts";
import type { ChannelOptions } from "./options.ts";
import { isBinary } from "./publication-data.ts";

/** What is known when a subscribe command comes in. */
export interface SubscribeFacts {
  readonly command: Pick<SubscribeCommand, "type" | "delta" | "hasTagsFilter">;
  readonly name: NameCheck;
  /** Undefined: there is no such namespace. */
  readonly options: ChannelOptions | undefined;
  readonly isSubscribed: boolean;
  /** Subscriptions that the session has, and how many it may have. */
  readonly subscriptions: number;
  readonly limit: number;
  /** Whether the client can be sent payloads that are no JSON. */
  readonly carriesBytes: boolean;
  /** Whether the hub has memory for one more. */
  readonly hasSpace: boolean;
}

export type SubscribeCheck = { readonly kind: "ok"; readonly options: ChannelOptions } | Refusal;

/** The checks before permissions, in the order in which their answers count. */
export function checkSubscribe(facts: SubscribeFacts): SubscribeCheck {
  const { command, name, options, isSubscribed, subscriptions, limit, hasSpace, carriesBytes } = facts;
  if (name === "empty") return closeWith(DISCONNECTS.badRequest);
  if (name === "too long") return failWith(ERRORS.badRequest);
  if (subscriptions >= limit) return failWith(ERRORS.limitExceeded);
  if (isSubscribed) return failWith(ERRORS.alreadySubscribed);
  if (name === "bad characters") return failWith(ERRORS.badRequest);
  if (options === undefined) return failWith(ERRORS.unknownChannel);
  if (command.delta !== "" && command.delta !== "fossil") return closeWith(DISCONNECTS.badRequest);
  if (command.hasTagsFilter || command.type !== 0) return failWith(ERRORS.badRequest);
  if (isBinary(options) && !carriesBytes) return failWith(ERRORS.notAvailable);
  if (!hasSpace) return failWith(ERRORS.tooManyRequests);
  return { kind: "ok", options };
}
