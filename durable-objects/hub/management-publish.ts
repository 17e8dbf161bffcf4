import { checkPublicationData } from "../../src/channels/publication-data.ts";
import { ERRORS } from "../../src/codes.ts";
import { API_LIMITS, CHANNEL_LIMITS } from "../../src/limits.ts";
import { numberMember, object, textMember } from "../../src/protocol/members.ts";
import type { NewPublication } from "../../src/protocol/messages.ts";
import type { PublishAnswer } from "./calls.ts";
import type { HubCore } from "./core.ts";
import type { HomeChannel } from "./home-channel.ts";
import type { HomeAnswer, PublishHomeCommand } from "./management-calls.ts";
import type { ManagementStore, PublicationVersion } from "./management-store.ts";

/** Publishes for backends: each key once, and no version after a newer one. */
export class ManagementPublisher {
  readonly #core: HubCore;
  readonly #store: ManagementStore;
  /** Publications with a key that are not stored yet. */
  readonly #pending = new Map<string, Promise<PublishAnswer>>();
  /** The newest version of each channel that has one waiting to be stored. */
  readonly #waitingVersions = new Map<string, PublicationVersion>();

  constructor(core: HubCore, store: ManagementStore) {
    this.#core = core;
    this.#store = store;
  }

  /** Publishes to one of the channels of a command. What can be queued is queued before this returns. */
  async publish(name: string, command: PublishHomeCommand): Promise<HomeAnswer> {
    const { check, options, home } = this.#core.factsOf(name);
    if (check !== "ok") return { errorCode: ERRORS.badRequest.code };
    const channel = this.#core.home.channel(name);
    if (options === undefined || channel === undefined) return { errorCode: ERRORS.unknownChannel.code };
    if (home !== this.#core.name) throw new Error("the channel is not homed here");
    const checked = checkPublicationData(command.data, options);
    if (checked.kind === "error") return { errorCode: checked.error.code };
    const publication = { data: checked.data, info: undefined, tags: command.tags };
    return resultOf(await this.#publishOnce(channel, command, publication));
  }

  #publishOnce(
    channel: HomeChannel,
    command: PublishHomeCommand,
    publication: NewPublication,
  ): Promise<PublishAnswer> {
    const { idempotencyKey } = command;
    if (idempotencyKey === "") return this.#publishNewer(channel, command, publication);
    const notBefore = Date.now() - CHANNEL_LIMITS.idempotencyAge;
    const published = this.#store.published(channel.name, idempotencyKey, notBefore);
    if (published) return Promise.resolve(published);
    // A channel's name may hold any character, but its length tells where the key begins.
    const place = `${channel.name.length} ${channel.name} ${idempotencyKey}`;
    const pending = this.#pending.get(place) ?? this.#publishNewer(channel, command, publication);
    this.#pending.set(place, pending);
    return pending.finally(() => this.#pending.delete(place));
  }

  #publishNewer(
    channel: HomeChannel,
    command: PublishHomeCommand,
    publication: NewPublication,
  ): Promise<PublishAnswer> {
    const version = versionOf(channel, command);
    if (version && this.#isOld(channel.name, version)) {
      const suppressed = { offset: channel.top, epoch: channel.epoch };
      this.#remember(channel, command, suppressed);
      return Promise.resolve(suppressed);
    }
    if (version) this.#waitingVersions.set(channel.name, version);
    return new Promise((resolve) => {
      // The home answers in the turn that stores the publication, so what is written here is stored with it or not at all.
      const answer = (answered: PublishAnswer) => {
        if (version) this.#settleVersion(channel.name, version, answered);
        if (!("errorCode" in answered)) this.#remember(channel, command, answered);
        resolve(answered);
      };
      this.#core.counters.submissions.add("publication");
      this.#core.home.submit(channel, {
        kind: "publication",
        publication,
        skipHistory: command.skipHistory,
        answer,
      });
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
    { idempotencyKey }: PublishHomeCommand,
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
  { version, versionEpoch }: PublishHomeCommand,
): PublicationVersion | undefined {
  return version > 0 && channel.hasHistory ? { version, epoch: versionEpoch } : undefined;
}

function resultOf(answer: PublishAnswer): HomeAnswer {
  if ("errorCode" in answer) return answer;
  const { offset, epoch } = answer;
  // Without an offset there is no place in a stream to speak of.
  return {
    result: offset === 0 ? "{}" : object([numberMember("offset", offset), textMember("epoch", epoch)]),
  };
}
