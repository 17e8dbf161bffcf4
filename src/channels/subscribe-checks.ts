import type { SubscribeCommand } from "../protocol/messages.ts";
import { type CloseDefinition, DISCONNECTS, ERRORS, type ProtocolError } from "../shared/codes.ts";
import type { NameCheck } from "./names.ts";
import type { ChannelOptions } from "./options.ts";

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
  /** Whether the hub has memory for one more. */
  readonly hasSpace: boolean;
}

export type SubscribeCheck =
  | { readonly kind: "ok"; readonly options: ChannelOptions }
  | { readonly kind: "error"; readonly error: ProtocolError }
  | { readonly kind: "disconnect"; readonly disconnect: CloseDefinition };

/** The checks before permissions, in the order in which their answers count. */
export function checkSubscribe(facts: SubscribeFacts): SubscribeCheck {
  const { command, name, options, isSubscribed, subscriptions, limit, hasSpace } = facts;
  if (name === "empty") return disconnect(DISCONNECTS.badRequest);
  if (name === "too long") return refuse(ERRORS.badRequest);
  if (subscriptions >= limit) return refuse(ERRORS.limitExceeded);
  if (isSubscribed) return refuse(ERRORS.alreadySubscribed);
  if (name === "bad characters") return refuse(ERRORS.badRequest);
  if (options === undefined) return refuse(ERRORS.unknownChannel);
  if (command.delta !== "" && command.delta !== "fossil") return disconnect(DISCONNECTS.badRequest);
  if (command.hasTagsFilter || command.type !== 0) return refuse(ERRORS.badRequest);
  if (!hasSpace) return refuse(ERRORS.tooManyRequests);
  return { kind: "ok", options };
}

function refuse(error: ProtocolError): SubscribeCheck {
  return { kind: "error", error };
}

function disconnect(definition: CloseDefinition): SubscribeCheck {
  return { kind: "disconnect", disconnect: definition };
}
