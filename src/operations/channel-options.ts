import type { ChannelFacts } from "../channels/channel-facts.ts";
import type { ChannelOptions } from "../channels/options.ts";
import { DISCONNECTS, ERRORS } from "../shared/codes.ts";
import { closeWith, type Failure, failWith, type Refusal } from "../shared/refusal.ts";

/** The options of a channel, where there can be one of that name. */
export type Known<Why extends Refusal> = { readonly kind: "known"; readonly options: ChannelOptions } | Why;

export function optionsOf({ check, options }: ChannelFacts): Known<Failure> {
  if (check !== "ok") return failWith(ERRORS.badRequest);
  return options === undefined ? failWith(ERRORS.unknownChannel) : { kind: "known", options };
}

/** The same for a client, which has to name one. */
export function optionsForClient(facts: ChannelFacts): Known<Refusal> {
  return facts.check === "empty" ? closeWith(DISCONNECTS.badRequest) : optionsOf(facts);
}
