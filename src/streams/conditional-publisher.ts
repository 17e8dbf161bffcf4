import type { ChannelFacts } from "../channels/channel-facts.ts";
import type { PublishAnswer, PublishConditions } from "../hub-rpc/messages.ts";
import type { Counters } from "../metrics/counters.ts";
import type { NewPublication } from "../protocol/messages.ts";
import type { HubJob } from "../shared/alarm-jobs.ts";
import { API_LIMITS, CHANNEL_LIMITS } from "../shared/limits.ts";
import type { ConditionStore, PublicationVersion } from "./condition-store.ts";
import type { Home } from "./home.ts";
import type { HomeChannel } from "./home-channel.ts";
import type { StreamStore } from "./stream-store.ts";

/** What conditional publishing needs of its hub. */
export interface HubOfConditionalPublisher {
  readonly home: Home;
  readonly store: StreamStore;
  readonly counters: Pick<Counters, "notePublication" | "suppressed">;
  factsOf(channel: string): ChannelFacts;
  wakeAt(time: number, job: HubJob): void;
}

/** A publication, and what keeps it from being published. */
interface ConditionalPublication {
  readonly publication: NewPublication;
  readonly skipHistory: boolean;
  readonly conditions: PublishConditions;
}

/** A version that is not stored yet, and what will be answered then. */
interface WaitingVersion {
  readonly version: PublicationVersion;
  readonly answer: Promise<PublishAnswer>;
}

/** Publishes each key once, and no version after a newer one. */
export class ConditionalPublisher {
  readonly #hub: HubOfConditionalPublisher;
  readonly #store: ConditionStore;
  /** Publications with a key that are not stored yet. */
  readonly #pending = new Map<string, Promise<PublishAnswer>>();
  /** The newest version of each channel that has one waiting to be stored. */
  readonly #waitingVersions = new Map<string, WaitingVersion>();

  constructor(hub: HubOfConditionalPublisher, store: ConditionStore) {
    this.#hub = hub;
    this.#store = store;
  }

  /** Publishes to a channel that is homed here. What can be queued is queued before this returns. */
  publish(channel: HomeChannel, publication: ConditionalPublication): Promise<PublishAnswer> {
    const { idempotencyKey } = publication.conditions;
    if (idempotencyKey === "") return this.#publishNewer(channel, publication);
    const notBefore = Date.now() - CHANNEL_LIMITS.idempotencyAge;
    const published = this.#store.published(channel.name, idempotencyKey, notBefore);
    if (published) {
      this.#hub.counters.suppressed.add("idempotency");
      return Promise.resolve(published);
    }
    // A channel's name may hold any character, but its length tells where the key begins.
    const place = `${channel.name.length} ${channel.name} ${idempotencyKey}`;
    const repeated = this.#pending.get(place);
    if (repeated) this.#hub.counters.suppressed.add("idempotency");
    const pending = repeated ?? this.#publishNewer(channel, publication);
    this.#pending.set(place, pending);
    return pending.finally(() => this.#pending.delete(place));
  }

  /** Deletes what need not be remembered. Returns when to look again, in milliseconds. */
  trim(now: number): number | undefined {
    const oldest = this.#store.trim(now - CHANNEL_LIMITS.idempotencyAge, () => this.#hub.store.channels());
    if (oldest === undefined) return undefined;
    return Math.max(oldest + CHANNEL_LIMITS.idempotencyAge, now) + API_LIMITS.sweepInterval;
  }

  #publishNewer(channel: HomeChannel, publication: ConditionalPublication): Promise<PublishAnswer> {
    const { conditions } = publication;
    const version = versionOf(channel, publication);
    if (version === undefined) return this.#submit(channel, publication);
    const waiting = this.#waitingVersions.get(channel.name);
    const newest = waiting?.version ?? this.#store.version(channel.name);
    if (newest && isOld(version, newest)) return this.#suppress(channel, conditions, waiting);
    const answer = this.#submit(channel, publication, version);
    this.#waitingVersions.set(channel.name, { version, answer });
    return answer;
  }

  #submit(
    channel: HomeChannel,
    { publication, skipHistory, conditions }: ConditionalPublication,
    version?: PublicationVersion,
  ): Promise<PublishAnswer> {
    return new Promise((resolve) => {
      // The home answers in the turn that stores the publication, so what is written here is stored with it or not at all.
      const answer = (answered: PublishAnswer) => {
        if (version) this.#settleVersion(channel.name, version, answered);
        this.#remember(channel, conditions, answered);
        resolve(answered);
      };
      this.#hub.counters.notePublication(this.#hub.factsOf(channel.name).name.namespace, Date.now());
      this.#hub.home.submit(channel, { kind: "publication", publication, skipHistory, answer });
    });
  }

  /** Answers where the stream is; but while the newer version waits, that may still not be stored. */
  async #suppress(
    channel: HomeChannel,
    conditions: PublishConditions,
    waiting: WaitingVersion | undefined,
  ): Promise<PublishAnswer> {
    this.#hub.counters.suppressed.add("version");
    const answered = waiting ? await waiting.answer : { offset: channel.top, epoch: channel.epoch };
    this.#remember(channel, conditions, answered);
    return answered;
  }

  #settleVersion(channel: string, version: PublicationVersion, answer: PublishAnswer): void {
    if (this.#waitingVersions.get(channel)?.version === version) this.#waitingVersions.delete(channel);
    if (!("errorCode" in answer)) this.#store.saveVersion(channel, version);
  }

  #remember(channel: HomeChannel, { idempotencyKey }: PublishConditions, answer: PublishAnswer): void {
    if (idempotencyKey === "" || "errorCode" in answer) return;
    const now = Date.now();
    this.#store.savePublished(channel.name, idempotencyKey, answer, now);
    this.#hub.wakeAt(now + CHANNEL_LIMITS.idempotencyAge + API_LIMITS.sweepInterval, "trim");
  }
}

/** The version of a publication. It is kept with the stream, so what is not stored in one has none. */
function versionOf(
  { hasHistory }: HomeChannel,
  { skipHistory, conditions: { version, versionEpoch } }: ConditionalPublication,
): PublicationVersion | undefined {
  return version > 0 && hasHistory && !skipHistory ? { version, epoch: versionEpoch } : undefined;
}

/** Whether a version is not newer than the last one. One without an epoch is of whatever epoch that was. */
function isOld({ version, epoch }: PublicationVersion, last: PublicationVersion): boolean {
  return (epoch === "" || epoch === last.epoch) && version <= last.version;
}
