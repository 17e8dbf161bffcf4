import { controlChannel } from "../../src/channels/control.ts";
import { hasHistory } from "../../src/channels/namespaces.ts";
import type { ChannelOptions } from "../../src/channels/options.ts";
import { ERRORS } from "../../src/codes.ts";
import { API_LIMITS, CHANNEL_LIMITS } from "../../src/limits.ts";
import { logFailure } from "../../src/log.ts";
import {
  encodeHistoryResult,
  encodePresenceResult,
  encodePresenceStatsResult,
} from "../../src/protocol/encode.ts";
import { countUsers } from "./commands/look.ts";
import type { HubCore } from "./core.ts";
import { answersOf, type HomeAnswer, type HomeCommand, type UserCommand } from "./management-calls.ts";
import { ManagementPublisher } from "./management-publish.ts";
import { ManagementStore } from "./management-store.ts";

type ChannelCommand = Exclude<HomeCommand, { kind: "publish" | "user" }>;

/** Carries out what the server API asks of a home. */
export class Management {
  readonly #core: HubCore;
  readonly #store: ManagementStore;
  readonly #publisher: ManagementPublisher;

  constructor(core: HubCore, storage: DurableObjectStorage) {
    this.#core = core;
    this.#store = new ManagementStore(storage);
    this.#publisher = new ManagementPublisher(core, this.#store);
  }

  /** Answers every command, in order. What is asked about channels sees what was published before it. */
  async carryOut(commands: readonly HomeCommand[]): Promise<readonly (readonly HomeAnswer[])[]> {
    const answers: Promise<readonly HomeAnswer[]>[] = [];
    for (const command of commands) {
      if (command.kind !== "publish" && command.kind !== "user") await Promise.all(answers);
      answers.push(this.#carryOutSafely(command));
    }
    return Promise.all(answers);
  }

  /** Deletes what need not be remembered. Returns when to look again, in milliseconds. */
  trim(now: number): number | undefined {
    const oldest = this.#store.trim(now - CHANNEL_LIMITS.idempotencyAge, this.#core.store.channels());
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

  async #carryOutSafely(command: HomeCommand): Promise<readonly HomeAnswer[]> {
    try {
      if (command.kind === "publish")
        return await Promise.all(
          command.channels.map((channel) => this.#publisher.publish(channel, command)),
        );
      return [await (command.kind === "user" ? this.#tell(command.command) : this.#onChannel(command))];
    } catch (failure) {
      logFailure("hub.manage_failed", failure, { kind: command.kind });
      return Array<HomeAnswer>(answersOf(command)).fill({ errorCode: ERRORS.internal.code });
    }
  }

  async #onChannel(command: ChannelCommand): Promise<HomeAnswer> {
    const { check, options, home } = this.#core.factsOf(command.channel);
    if (check !== "ok") return { errorCode: ERRORS.badRequest.code };
    if (options === undefined) return { errorCode: ERRORS.unknownChannel.code };
    if (!isOn(command, options)) return { errorCode: ERRORS.notAvailable.code };
    if (home !== this.#core.name) throw new Error("the channel is not homed here");
    switch (command.kind) {
      case "presence":
      case "presence_stats":
        return this.#presence(command, home);
      case "history":
        return this.#history(command);
      case "history_remove":
        return this.#removeHistory(command.channel);
    }
  }

  async #presence({ kind, channel }: ChannelCommand, home: string): Promise<HomeAnswer> {
    const members = await this.#core.members(channel, home);
    if (kind === "presence") return { result: encodePresenceResult(members) };
    return { result: encodePresenceStatsResult(members.length, countUsers(members)) };
  }

  #history(command: Extract<HomeCommand, { kind: "history" }>): HomeAnswer {
    const answer = this.#core.historyHere(command);
    if ("errorCode" in answer) return answer;
    return { result: encodeHistoryResult(answer.publications, answer.offset, answer.epoch) };
  }

  /** The position of the stream stays: it must be written, because the top is known from the newest row alone. */
  #removeHistory(name: string): HomeAnswer {
    const channel = this.#core.home.channel(name);
    if (channel && channel.top > 0) {
      const { store } = this.#core;
      store.transaction(() => {
        store.saveStream(name, channel);
        store.trim(name, channel.top, 0);
      });
    }
    return { result: "{}" };
  }

  /** Tells every hub that holds connections of the user's shard. */
  async #tell(command: UserCommand): Promise<HomeAnswer> {
    const name = controlChannel(command.user);
    const { home } = this.#core.factsOf(name);
    const channel = this.#core.home.channel(name);
    if (!this.#core.config.connection.userCommands) return { errorCode: ERRORS.notAvailable.code };
    if (channel === undefined || home !== this.#core.name) throw new Error("the user is not homed here");
    if ("channel" in command && command.channel !== "") {
      const { check, options } = this.#core.factsOf(command.channel);
      if (check !== "ok") return { errorCode: ERRORS.badRequest.code };
      if (options === undefined) return { errorCode: ERRORS.unknownChannel.code };
    }
    const publication = { data: JSON.stringify(command), info: undefined, tags: undefined };
    return new Promise((resolve) => {
      const answer = () => resolve({ result: "{}" });
      this.#core.home.submit(channel, { kind: "publication", publication, skipHistory: true, answer });
    });
  }
}

function isOn({ kind }: ChannelCommand, options: ChannelOptions): boolean {
  return kind === "presence" || kind === "presence_stats" ? options.presence : hasHistory(options);
}
