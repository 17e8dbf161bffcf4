import { OVERVIEW_CHANNEL, OVERVIEW_HOME } from "../../src/channels/overview.ts";
import type { Env } from "../../src/deployment/env.ts";
import { hubNamed } from "../../src/deployment/hub-named.ts";
import type { HubRpc } from "../../src/hub-rpc/hub-rpc.ts";
import { Peers } from "../../src/hub-rpc/peers.ts";
import { wireVersions } from "../../src/hub-rpc/wire-versions.ts";
import type { DirectoryOfFeed } from "../../src/overview/feed.ts";
import type { OverviewMessage } from "../../src/overview/messages.ts";
import { Overview } from "../../src/overview/overview.ts";
import { HUB_LIMITS } from "../../src/shared/limits.ts";
import type { ReportStore } from "./report-store.ts";

const WATCHED = "watched";

/** The directory as its feed sees it. */
export class OpenOverviews implements DirectoryOfFeed {
  readonly #kept: SyncKvStorage;
  readonly #reports: ReportStore;
  readonly #peers: Peers;

  constructor(storage: DurableObjectStorage, reports: ReportStore, env: () => Env) {
    this.#kept = storage.kv;
    this.#reports = reports;
    this.#peers = new Peers({
      versions: wireVersions.calls,
      timeout: HUB_LIMITS.callTimeout,
      stubOf: (hub) => hubNamed(env(), hub, undefined) as unknown as HubRpc,
    });
  }

  get isWatched(): boolean {
    return this.#kept.get(WATCHED) === true;
  }

  set isWatched(isWatched: boolean) {
    if (isWatched) this.#kept.put(WATCHED, true);
    else this.#kept.delete(WATCHED);
  }

  load(): Overview {
    const overview = new Overview(this.#reports.totals());
    for (const report of this.#reports.reports()) overview.take(report);
    return overview;
  }

  async publish(message: OverviewMessage): Promise<boolean> {
    const publication = { data: JSON.stringify(message), info: undefined, tags: undefined };
    const [answer] = await this.#peers.stubOf(OVERVIEW_HOME).publish({
      hub: "",
      submissions: [{ kind: "publication", channel: OVERVIEW_CHANNEL, publication, skipHistory: true }],
    });
    return answer !== undefined && "subscribers" in answer;
  }
}
