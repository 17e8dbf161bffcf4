import { controlHome } from "./control.ts";
import { OVERVIEW_CHANNEL, OVERVIEW_HOME } from "./overview.ts";

/** The home of a channel of the gateway itself, or undefined for every other channel. */
export function internalHome(channel: string): string | undefined {
  return channel === OVERVIEW_CHANNEL ? OVERVIEW_HOME : controlHome(channel);
}
