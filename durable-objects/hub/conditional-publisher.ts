import { API_LIMITS, CHANNEL_LIMITS } from "../../src/limits.ts";
import type { NewPublication } from "../../src/protocol/messages.ts";
import type { PublishAnswer, PublishConditions } from "./calls.ts";
import { ConditionStore, type PublicationVersion } from "./condition-store.ts";
import type { HubCore } from "./core.ts";
import type { HomeChannel } from "./home-channel.ts";

/** A publication, and what keeps it from being published. */
interface ConditionalPublication {
  readonly publication: NewPublication;
  readonly skipHistory: boolean;
  readonly conditions: PublishConditions;
}

/** Publishes each key once, and no version after a newer one. */
export class ConditionalPublisher {
  readonly #core: HubCore;
  readonly #store: ConditionStore;
  /** Publications with a key that are not stored yet. */
  readonly #pending = new Map<string, Promise<PublishAnswer>>();
  /** The newest version of each channel that has one waiting to be stored. */
  readonly #waitingVersions = new Map<string, PublicationVersion>();

  constructor(core: HubCore, storage: DurableObjectStorage) {
    this.#core = core;
    this.#store = new ConditionStore(storage);
  }

  /** Publishes to a channel that is homed here. What can be queued is queued before this returns. */
  publish(channel: HomeChannel, publication: ConditionalPublication): Promise<PublishAnswer> {
    const { idempotencyKey } = publication.conditions;
    if (idempotencyKey === "") return this.#publishNewer(channel, publication);
    const notBefore = Date.now() - CHANNEL_LIMITS.idempotencyAge;
    const published = this.#store.published(channel.name, idempotencyKey, notBefore);
    if (published) return Promise.resolve(published);
    // A channel's name may hold any character, but its length tells where the key begins.
    const place = `${channel.name.length} ${channel.name} ${idempotencyKey}`;
    const pending = this.#pending.get(place) ?? this.#publishNewer(channel, publication);
    this.#pending.set(place, pending);
    return pending.finally(() => this.#pending.delete(place));
  }

  /** Deletes what need not be remembered. Returns when to look again, in milliseconds. */
  trim(now: number): number | undefined {
    const oldest = this.#store.trim(now - CHANNEL_LIMITS.idempotencyAge, () => this.#core.store.channels());
    if (oldest === undefined) return undefined;
    return Math.max(oldest + CHANNEL_LIMITS.idempotencyAge, now) + API_LIMITS.sweepInterval;
  }

  /** Rows written since the object woke. */
  get rowsWritten(): number {
    return this.#store.rowsWritten;
  }

  get isEmpty(): boolean {
    return this.#store.isEmpty();
  }

  /** The storage has been deleted. */
  reset(): void {
    this.#store.reset();
  }

  #publishNewer(
    channel: HomeChannel,
    { publication, skipHistory, conditions }: ConditionalPublication,
  ): Promise<PublishAnswer> {
    const version = versionOf(channel, conditions);
    if (version && this.#isOld(channel.name, version)) {
      const suppressed = { offset: channel.top, epoch: channel.epoch };
      this.#remember(channel, conditions, suppressed);
      return Promise.resolve(suppressed);
    }
    if (version) this.#waitingVersions.set(channel.name, version);
    return new Promise((resolve) => {
      // The home answers in the turn that stores the publication, so what is written here is stored with it or not at all.
      const answer = (answered: PublishAnswer) => {
        if (version) this.#settleVersion(channel.name, version, answered);
        if (!("errorCode" in answered)) this.#remember(channel, conditions, answered);
        resolve(answered);
      };
      this.#core.counters.submissions.add("publication");
      this.#core.home.submit(channel, { kind: "publication", publication, skipHistory, answer });
    });
  }

  #isOld(channel: string, { version, epoch }: PublicationVersion): boolean {
    const last = this.#waitingVersions.get(channel) ?? this.#store.version(channel);
    return last !== undefined && last.epoch === epoch && version <= last.version;
  }

  #settleVersion(channel: string, version: PublicationVersion, answer: PublishAnswer): void {
    if (this.#waitingVersions.get(channel) === version) this.#waitingVersions.delete(channel);
    if (!("errorCode" in answer)) this.#store.saveVersion(channel, version);
  }

  #remember(
    channel: HomeChannel,
    { idempotencyKey }: PublishConditions,
    position: { readonly offset: number; readonly epoch: string },
  ): void {
    if (idempotencyKey === "") return;
    const now = Date.now();
    this.#store.savePublished(channel.name, idempotencyKey, position, now);
    this.#core.wakeAt(now + CHANNEL_LIMITS.idempotencyAge + API_LIMITS.sweepInterval);
  }
}

/** The version of a publication. It is kept with the stream, so a channel without history has none. */
function versionOf(
  channel: HomeChannel,
  { version, versionEpoch }: PublishConditions,
): PublicationVersion | undefined {
  return version > 0 && channel.hasHistory ? { version, epoch: versionEpoch } : undefined;
}
