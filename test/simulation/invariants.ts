import type { Client } from "./client.ts";
import type { Hub } from "./hub.ts";
import { type Position, Violation } from "./journal.ts";
import { idOfPublication } from "./payloads.ts";
import type { World } from "./world.ts";

/** What is stored of a channel, as far as promises are about it. */
interface Stored {
  readonly epoch: string;
  readonly top: number;
  readonly isSettled: boolean;
  readonly followers: ReadonlySet<string>;
}

const NOTHING: Omit<Stored, "followers"> = { epoch: "", top: 0, isSettled: false };

/** What must hold after each step, whatever has happened. */
export class Invariants {
  readonly #world: World;
  readonly #stored = new Map<string, Stored>();
  readonly #changes = new Map<Hub, number>();
  readonly #checked = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  check(): void {
    const { channels, clients, hubs } = this.#world;
    for (const hub of hubs) this.#read(hub);
    for (const client of clients) if (client.state === "in") this.#checkClient(client);
    for (const channel of channels) this.#checkAcknowledged(channel);
  }

  /** Everything that was acknowledged, and must be kept, is stored. */
  checkAllStored(): void {
    for (const channel of this.#world.channels) {
      for (const [id, position] of this.#world.journal.acknowledgedOf(channel))
        this.#checkStored(channel, id, position);
    }
  }

  #read(hub: Hub): void {
    const { changes } = hub.storage;
    if (this.#changes.get(hub) === changes) return;
    this.#changes.set(hub, changes);
    hub.stored.reset();
    for (const channel of this.#world.channels) {
      if (this.#world.homeOf(channel) !== hub) continue;
      const stream = hub.stored.stream(channel);
      const followers = new Set(hub.stored.followers(channel).map((follower) => follower.hub));
      const { epoch, top } = stream ?? NOTHING;
      this.#stored.set(channel, { epoch, top, isSettled: stream?.unsettled === undefined, followers });
    }
  }

  #checkClient({ name, channel, hub, position, hasHistory }: Client): void {
    const stored = this.#stored.get(channel);
    if (hub === undefined || stored === undefined || this.#world.homeOf(channel) === hub) return;
    if (!stored.followers.has(hub.name))
      throw new Violation(`${name} of ${channel} is at ${hub.name}, which is not registered`);
    const isBehind = hasHistory && position?.epoch === stored.epoch && position.offset < stored.top;
    if (stored.isSettled && isBehind)
      throw new Violation(
        `${channel} is settled at ${stored.top}, ${name} at ${hub.name} is at ${position.offset}`,
      );
  }

  /** The last that was acknowledged stands for what came with it. */
  #checkAcknowledged(channel: string): void {
    const acknowledged = this.#world.journal.acknowledgedOf(channel);
    if (acknowledged.size === (this.#checked.get(channel) ?? 0)) return;
    this.#checked.set(channel, acknowledged.size);
    const [id, position] = [...acknowledged].at(-1) ?? [];
    if (id !== undefined && position) this.#checkStored(channel, id, position);
  }

  #checkStored(channel: string, id: number, { epoch, offset }: Position): void {
    const { settings, journal, clock } = this.#world;
    const stored = this.#stored.get(channel);
    const { history_size = 0, history_ttl = 0 } = settings.channels[channel] ?? {};
    const isYoung = journal.entry(id).acceptedAt + history_ttl * 1000 > clock.now;
    if (stored?.epoch !== epoch) return;
    if (offset > stored.top)
      throw new Violation(`${id} was acknowledged at ${offset}, ${channel} is at ${stored.top}`);
    if (!isYoung || offset <= stored.top - history_size) return;
    const read = this.#world.homeOf(channel).stored.read(channel, { after: offset - 1, limit: 1 }, 0);
    const [found] = read.publications;
    if (read.first !== offset || found === undefined || idOfPublication(found) !== id)
      throw new Violation(`${id} was acknowledged at ${offset} of ${channel}, and is not stored`);
  }
}
