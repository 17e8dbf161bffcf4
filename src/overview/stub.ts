import type { ChannelSearch } from "./largest-channels.ts";
import type { OverviewChannels, OverviewSnapshot } from "./messages.ts";

/** What can be asked of the directory for an overview. The object has these methods, and so has its stub. */
export interface OverviewStub {
  overview(): Promise<OverviewSnapshot>;
  /** The same, and from now on what changes is published, as long as an overview is open. */
  watch(): Promise<OverviewSnapshot>;
  largestChannels(search: ChannelSearch): Promise<OverviewChannels>;
}
