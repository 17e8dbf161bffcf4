import { DurableObject } from "cloudflare:workers";
import { Spending } from "../../src/budget/spending.ts";
import { GATEWAY, type Gateway } from "../../src/deployment/gateway.ts";
import { FirstNames } from "../../src/metrics/first-names.ts";
import type { Samples } from "../../src/metrics/registry.ts";
import {
  type ChannelCount,
  type DirectoryStub,
  type Page,
  REPORT_VERSION,
  type Report,
  type ReportAnswer,
  type ReportedHub,
} from "../../src/metrics/report.ts";
import { sum } from "../../src/metrics/samples.ts";
import { GAUGES_OF_NOTHING } from "../../src/metrics/series.ts";
import { OverviewFeed } from "../../src/overview/feed.ts";
import { type ChannelSearch, LargestChannels } from "../../src/overview/largest-channels.ts";
import type { OverviewChannels, OverviewSnapshot } from "../../src/overview/messages.ts";
import type { OverviewStub } from "../../src/overview/stub.ts";
import { matchesGlob } from "../../src/shared/glob.ts";
import { OVERVIEW_LIMITS, REPORT_LIMITS } from "../../src/shared/limits.ts";
import { OpenOverviews } from "./open-overviews.ts";
import { ReportStore } from "./report-store.ts";
import { SqlSpendingStore } from "./spending-store.ts";

/**
 * Knows which hubs there are and what they said last: objects cannot be enumerated, and asking one wakes it. Nothing
 * here calls a hub.
 */
export abstract class Directory extends DurableObject<object> implements DirectoryStub, OverviewStub {
  readonly #reports = new ReportStore(this.ctx.storage.sql);
  readonly #feed = new OverviewFeed(
    new OpenOverviews(this.ctx.storage, this.#reports, () => this[GATEWAY].readEnv(this.env)),
  );
  #spent: Spending | undefined;

  protected abstract get [GATEWAY](): Gateway;

  async report(report: Report): Promise<ReportAnswer | undefined> {
    if (report.version !== REPORT_VERSION) {
      throw new Error(`reports of version ${report.version} are not known here`);
    }
    const now = Date.now();
    const answer = this.#spending?.add(this.#reports.addedBy(report), now);
    this.#feed.take(this.#reports.save(report, now));
    if ((await this.ctx.storage.getAlarm()) === null) await this.#sweepLater();
    return answer;
  }

  async shedLevel(): Promise<number> {
    return this.#spending?.level(Date.now()) ?? 0;
  }

  async samples(): Promise<Samples> {
    const gauges = [GAUGES_OF_NOTHING];
    for (let after = "", page = this.#page(after); page.length > 0; page = this.#page(after)) {
      gauges.push({ centrifugo_node_num_nodes: page.length }, ...page.map((hub) => hub.gauges));
      after = page.at(-1)?.hub ?? "";
    }
    return { ...this.#reports.counters(), ...sum(gauges), ...this.#spending?.gauges(Date.now()) };
  }

  async countersBefore(hub: string, incarnation: string): Promise<Samples> {
    return this.#reports.countersBefore(hub, incarnation);
  }

  async channels(pattern: string, { after = "", limit }: Page): Promise<readonly ChannelCount[]> {
    const first = new FirstNames(after, atMost(REPORT_LIMITS.channelPage, limit));
    for (const [channel, clients] of this.#reports.channels(Date.now())) {
      if (pattern === "" || matchesGlob(channel, pattern)) first.add(channel, clients);
    }
    return first.page();
  }

  async hubs({ after, limit }: Page): Promise<readonly ReportedHub[]> {
    return this.#page(after, limit);
  }

  async overview(): Promise<OverviewSnapshot> {
    return this.#feed.snapshot();
  }

  async watch(): Promise<OverviewSnapshot> {
    return this.#feed.open();
  }

  async largestChannels({ search, offset, limit }: ChannelSearch): Promise<OverviewChannels> {
    const channels = new LargestChannels(search, OVERVIEW_LIMITS.countedChannels);
    for (const count of this.#reports.channels(Date.now())) channels.add(count);
    return channels.page(offset, atMost(OVERVIEW_LIMITS.channelPage, limit));
  }

  override async alarm(): Promise<void> {
    this.#feed.reset();
    if (this.#reports.sweep(Date.now()) > 0) await this.#sweepLater();
  }

  /** Undefined where there is no budget. */
  get #spending(): Spending | undefined {
    const { budget } = this[GATEWAY].config.operations;
    this.#spent ??= budget && new Spending(budget, new SqlSpendingStore(this.ctx.storage.sql, this.#reports));
    return this.#spent;
  }

  #page(after = "", limit?: number): ReportedHub[] {
    return this.#reports.hubs(Date.now(), after, atMost(REPORT_LIMITS.hubPage, limit));
  }

  #sweepLater(): Promise<void> {
    return this.ctx.storage.setAlarm(Date.now() + REPORT_LIMITS.sweepInterval);
  }
}

function atMost(most: number, wanted: number | undefined): number {
  return Math.max(1, Math.min(most, wanted ?? most));
}
