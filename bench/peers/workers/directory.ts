import "../../../test/gateway/own.ts";
import type { Directory } from "../../../durable-objects/directory/directory.ts";
import type { Answer } from "../../../src/hub-rpc/hub-rpc.ts";
import { Counters } from "../../../src/metrics/counters.ts";
import { type ChannelCount, REPORT_VERSION, type Report } from "../../../src/metrics/report.ts";
import { GatewayHub } from "../../../test/gateway/classes.ts";

export { GatewayDirectory as Directory, GatewayRoom as Room } from "../../../test/gateway/classes.ts";

/** The hub that holds open overviews, as if one were open. */
export class Hub extends GatewayHub {
  override async publish(): Promise<Answer<"publish">> {
    return [{ offset: 0, epoch: "", subscribers: 1 }];
  }
}

/** Reports that are under way at the same time. */
const AT_ONCE = 32;

interface Env {
  readonly DIRECTORY: DurableObjectNamespace<Directory>;
}

/** What a busy hub counts. */
function countersOf(turn: number): Report["counters"] {
  const counters = new Counters(0);
  for (const code of [100, 103, 107, 111]) counters.errors.add(code, turn);
  for (const code of [3000, 3005, 3008, 3012]) counters.disconnects.add(code, turn);
  for (const method of ["connect", "subscribe", "publish", "history", "presence", "refresh"])
    counters.commands.add(method, turn);
  for (let count = 0; count < 4; count += 1) counters.notePublication("chat", turn);
  counters.ledger.note("message", turn);
  counters.ledger.note("call", turn);
  return counters.samples(turn, turn);
}

function reportOf(hub: number, turn: number, channels: number): Report {
  return {
    version: REPORT_VERSION,
    hub: `edge/weur/${hub}`,
    incarnation: "one",
    wokeAt: Date.now(),
    expiresAt: Date.now() + 600_000,
    counters: countersOf(turn),
    gauges: {
      centrifugo_node_num_clients: 5_000,
      centrifugo_node_num_users: 5_000,
      centrifugo_node_num_subscriptions: 40_000,
      centrifugo_node_num_channels: channels,
      centrifugo_client_connections_inflight: 5_000,
      poorwill_hub_memory_bytes: 20_000_000,
      poorwill_hub_flush_lag_milliseconds: 1,
    },
    channels: Array.from(
      { length: channels },
      (_, index): ChannelCount => [`chat:room-${(hub * channels) / 2 + index}`, index % 97],
    ),
    region: "weur",
    isFull: false,
    isLate: false,
  };
}

export default {
  /** Does one thing to the directory that the query names. Who measures has a clock, and this has none. */
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const directory = env.DIRECTORY.getByName(searchParams.get("of") ?? "");
    const number = (name: string) => Number(searchParams.get(name) ?? 0);
    switch (pathname) {
      case "/report":
        await reportAll(directory, number("reports"), number("hubs"), number("channels"));
        return new Response("done");
      case "/watch":
        return Response.json((await directory.watch()).hubs.length);
      case "/overview":
        return Response.json((await directory.overview()).hubs.length);
      default:
        return Response.json(
          (
            await directory.largestChannels({
              search: searchParams.get("search") ?? "",
              offset: 0,
              limit: 100,
            })
          ).total,
        );
    }
  },
};

async function reportAll(
  directory: DurableObjectStub<Directory>,
  reports: number,
  hubs: number,
  channels: number,
): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < reports) {
      const turn = next++;
      await directory.report(reportOf(turn % hubs, turn, channels));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
