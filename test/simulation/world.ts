import type { Random } from "../support/random.ts";
import { Client } from "./client.ts";
import { Clock } from "./clock.ts";
import { Hub } from "./hub.ts";
import { Journal, Violation } from "./journal.ts";
import { homeOf } from "./life.ts";
import { Network, type Trace } from "./network.ts";
import { publicationOf } from "./payloads.ts";
import type { Settings } from "./settings.ts";
import type { Opening } from "./subject.ts";

const HUBS = ["home/a", "home/b", "edge/1", "edge/2", "edge/3"];
const CLIENTS_OF_CHANNEL = 4;

/** Where nothing goes wrong, hardly ever does a subscribe overtake a delivery so that its session is not let in. */
const MOST_REFUSED = 1;

/** What has happened, in numbers. */
export interface Counts {
  [what: string]: number;
  published: number;
  delivered: number;
  subscribed: number;
  recovered: number;
  unrecovered: number;
  refused: number;
  told: number;
  sleeps: number;
  wakes: number;
  crashes: number;
  freed: number;
}

/** Hubs, channels and clients, and what is between them. */
export class World {
  readonly clock = new Clock();
  readonly journal = new Journal();
  readonly counts: Counts = {
    ...{ published: 0, delivered: 0, subscribed: 0, recovered: 0, unrecovered: 0, refused: 0, told: 0 },
    ...{ sleeps: 0, wakes: 0, crashes: 0, freed: 0 },
  };
  readonly random: Random;
  readonly settings: Settings;
  readonly trace: Trace | undefined;
  readonly network: Network;
  readonly hubs: readonly Hub[];
  readonly #hubs: ReadonlyMap<string, Hub>;
  readonly channels: readonly string[];
  readonly clients: readonly Client[];
  /** Whatever was broken beside the way of what is called. */
  readonly failures: unknown[] = [];

  constructor(random: Random, settings: Settings, trace: Trace | undefined) {
    this.random = random;
    this.settings = settings;
    this.trace = trace;
    this.network = new Network(this, (name) => this.hub(name));
    this.hubs = HUBS.map((name) => new Hub(name, this));
    this.#hubs = new Map(this.hubs.map((hub) => [hub.name, hub]));
    this.channels = Object.keys(settings.channels);
    this.clients = this.channels.flatMap((channel) =>
      Array.from(
        { length: CLIENTS_OF_CHANNEL },
        (_, index) => new Client(this, `${index}`, channel, index === 0),
      ),
    );
  }

  hub(name: string): Hub {
    const hub = this.#hubs.get(name);
    if (hub === undefined) throw new Error(`there is no hub ${name}`);
    return hub;
  }

  homeOf(channel: string): Hub {
    return this.hub(homeOf(channel));
  }

  hasHistory(channel: string): boolean {
    return (this.settings.channels[channel]?.history_size ?? 0) > 0;
  }

  /** Other work of a connect, or of a hook, that may come between. */
  async dawdle(): Promise<void> {
    if (this.random.below(2) === 0) await this.clock.wait(this.network.latency());
  }

  publish(hub: Hub, channel: string, length: number, skipHistory: boolean): void {
    const isNumbered = this.hasHistory(channel) && !skipHistory;
    const id = this.journal.add(channel, "publication", isNumbered);
    this.counts.published += 1;
    hub.awake().submit(publicationOf(channel, id, length, skipHistory), (answer) => {
      if ("errorCode" in answer) this.#notPublished(hub, channel, id);
      else this.journal.acknowledged(id, answer);
    });
  }

  /** A client was told that it may have missed something. */
  told(client: Client): void {
    this.counts.told += 1;
    // What does not fit into memory is read from the history, and of a short one it may be gone.
    const isKept = !this.settings.isTight || client.channel.endsWith("long");
    // Nor can anybody know where a hub is that has slept, when a subscription overtakes a delivery.
    const isKnown = !client.hub?.mayBeAhead(client.channel);
    if (this.settings.isCalm && isKept && isKnown)
      this.broken(`${client.name} of ${client.channel} was told for no reason`);
  }

  unrecovered(client: Client, { epoch, offset }: Opening): void {
    this.counts.unrecovered += 1;
    const { position, channel } = client;
    const isKept = channel.endsWith("long") && position?.epoch === epoch && offset - position.offset <= 300;
    if (this.settings.isCalm && isKept) this.broken(`${client.name} of ${channel} might have recovered`);
  }

  /** A client could not be subscribed, and may try again. */
  refused({ name, channel }: Client): void {
    this.counts.refused += 1;
    const { isCalm, isTight } = this.settings;
    if (isCalm && !isTight && this.counts.refused > MOST_REFUSED)
      this.broken(`${name} of ${channel} was refused for no reason`);
  }

  /** Gives up what was being set up at a hub. */
  dropOpeningsAt(hub: Hub): void {
    for (const client of this.clients) if (client.hub === hub) client.disconnected();
  }

  /** From now on nothing goes wrong. */
  heal(): void {
    this.network.heal();
    for (const { storage } of this.hubs) storage.failsNext = false;
  }

  /** What goes on beside the steps: whatever it throws is found in `failures`. */
  inBackground(work: Promise<unknown>): void {
    work.catch((failure: unknown) => this.failures.push(failure));
  }

  /** Notes a violation where nobody would hear of it if it were thrown. */
  broken(what: string): void {
    this.failures.push(new Violation(what));
  }

  check(): void {
    if (this.failures.length > 0) throw this.failures[0];
  }

  /** Only the home itself knows that nothing was stored: an answer may be lost on its way to another hub. */
  #notPublished(hub: Hub, channel: string, id: number): void {
    if (hub.name === homeOf(channel)) this.journal.refused(id);
  }
}
