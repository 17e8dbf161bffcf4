import type { DirectoryStub } from "../metrics/report.ts";
import { REPORT_LIMITS } from "../shared/limits.ts";
import { VERSION } from "../shared/version.ts";
import type { ApiResult } from "./method-types.ts";

/**
 * Channels that have subscribers, by name, as far as hubs have reported them.
 *
 * @param pattern A glob such as `chat:*`; "" is all channels.
 */
export async function listChannels(
  directory: DirectoryStub,
  pattern: string,
): Promise<ApiResult<"channels">> {
  const listed = await allPages(
    REPORT_LIMITS.channelPage,
    (after: string | undefined) => directory.channels(pattern, { after }),
    ([channel]) => channel,
  );
  return { channels: Object.fromEntries(listed.map(([channel, num_clients]) => [channel, { num_clients }])) };
}

/** The hubs, as far as they have reported themselves. */
export async function nodeInfo(directory: DirectoryStub): Promise<ApiResult<"info">> {
  const hubs = await allPages(
    REPORT_LIMITS.hubPage,
    (after: string | undefined) => directory.hubs({ after }),
    ({ hub }) => hub,
  );
  const now = Date.now();
  return {
    nodes: hubs.map(({ hub, wokeAt, gauges }) => ({
      uid: hub,
      name: hub,
      version: VERSION,
      num_clients: gauges.centrifugo_node_num_clients ?? 0,
      num_users: gauges.centrifugo_node_num_users ?? 0,
      num_channels: gauges.centrifugo_node_num_channels ?? 0,
      num_subs: gauges.centrifugo_node_num_subscriptions ?? 0,
      uptime: Math.max(0, Math.floor((now - wokeAt) / 1000)),
    })),
  };
}

/** Reads page after page, until one is not full or an answer may hold no more pages. */
async function allPages<Entry>(
  pageSize: number,
  ask: (after: string | undefined) => Promise<readonly Entry[]>,
  nameOf: (entry: Entry) => string,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  let after: string | undefined;
  for (let page = 0; page < REPORT_LIMITS.pages; page += 1) {
    const some = await ask(after);
    entries.push(...some);
    const last = some.at(-1);
    if (last === undefined || some.length < pageSize) break;
    after = nameOf(last);
  }
  return entries;
}
