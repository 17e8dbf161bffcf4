import type { Hub } from "../../durable-objects/hub/hub.ts";
import type { HomeRegion } from "../channels/options.ts";
import type { Env } from "./env.ts";

/** A hub. If it does not exist yet, it is created in `region`, or near the first caller where there is none. */
export function hubNamed(
  { HUB }: Pick<Env, "HUB">,
  hub: string,
  region: HomeRegion | undefined,
): DurableObjectStub<Hub> {
  return HUB.getByName(hub, region === undefined ? {} : { locationHint: region });
}
