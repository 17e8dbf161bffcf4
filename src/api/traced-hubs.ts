import { controlChannel, userHome } from "../channels/control.ts";
import type { DirectoryStub } from "../metrics/report.ts";
import { REPORT_LIMITS, TRACE_LIMITS } from "../shared/limits.ts";
import type { TraceAnswer, TraceCall } from "../trace/call.ts";

/** A hub, as far as traces go. */
export interface TraceableHub {
  startTrace(call: TraceCall): Promise<TraceAnswer>;
  followersOf(channel: string): Promise<readonly string[]>;
}

/** Where hubs are found. */
export interface TraceHubs {
  /** Reaches a hub. */
  named(hub: string): TraceableHub;
  /** Undefined where there is none. */
  readonly directory: Pick<DirectoryStub, "hubs"> | undefined;
}

/** The hubs at which something of a channel happens: its home, and those that follow it. Throws where the home does not answer. */
export async function hubsOfChannel(
  hubs: TraceHubs,
  channel: string,
  home: string,
): Promise<readonly string[]> {
  return [home, ...(await hubs.named(home).followersOf(channel))];
}

/** The hubs that may hold connections of a user: those that follow commands on its shard. */
export function hubsOfUser(hubs: TraceHubs, user: string): Promise<readonly string[]> {
  return hubs.named(userHome(user)).followersOf(controlChannel(user));
}

/** The hubs that have said that they hold connections. */
export async function hubsWithClients(directory: Pick<DirectoryStub, "hubs">): Promise<readonly string[]> {
  const found: string[] = [];
  let after: string | undefined;
  for (let page = 0; page < REPORT_LIMITS.pages; page += 1) {
    const reported = await directory.hubs({ after });
    for (const { hub, gauges } of reported)
      if ((gauges.centrifugo_node_num_clients ?? 0) > 0) found.push(hub);
    after = reported.at(-1)?.hub;
    if (after === undefined || found.length >= TRACE_LIMITS.searchedHubs) break;
  }
  return found.slice(0, TRACE_LIMITS.searchedHubs);
}
