import type { Hub } from "../../durable-objects/hub/hub.ts";
import type { HomeRegion } from "../channels/options.ts";
import type { Env } from "./env.ts";

/** A hub, which is created in `region` if it is not there yet; without one, near whoever asks first. */
export function hubNamed(
  { HUB }: Pick<Env, "HUB">,
  hub: string,
  region: HomeRegion | undefined,
): DurableObjectStub<Hub> {
  return HUB.getByName(hub, region === undefined ? {} : { locationHint: region });
}
