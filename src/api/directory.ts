import { config } from "../config.ts";
import type { Env } from "../deployment/env.ts";
import { DIRECTORY_NAME, type DirectoryStub } from "../metrics/report.ts";
import { REPORT_LIMITS } from "../shared/limits.ts";
import { VERSION } from "../shared/version.ts";
import type { ApiResult } from "./results.ts";

/** The directory, where the configuration has one. */
export function directoryOf({ DIRECTORY }: Env): DirectoryStub | undefined {
  if (config.operations?.directory !== true) return undefined;
  return DIRECTORY.getByName(DIRECTORY_NAME) as unknown as DirectoryStub;
}

/**
 * Channels that have subscribers, by name, as far as hubs have reported them. Undefined: there is no directory.
 *
 * @param pattern A glob such as `chat:*`; "" is all channels.
 */
export async function listChannels(env: Env, pattern: string): Promise<ApiResult<"channels"> | undefined> {
  const directory = directoryOf(env);
  if (directory === undefined) return undefined;
  const listed = await allPages(
    REPORT_LIMITS.channelPage,
    (after: string | undefined) => directory.channels(pattern, { after }),
    ([channel]) => channel,
  );
  return { channels: Object.fromEntries(listed.map(([channel, num_clients]) => [channel, { num_clients }])) };
}

/** The hubs, as far as they have reported themselves. Undefined: there is no directory. */
export async function nodeInfo(env: Env): Promise<ApiResult<"info"> | undefined> {
  const directory = directoryOf(env);
  if (directory === undefined) return undefined;
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
