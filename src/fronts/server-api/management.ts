import type { ChannelFacts } from "../../channels/channel-facts.ts";
import { controlChannel } from "../../channels/control.ts";
import { hasHistory } from "../../channels/namespaces.ts";
import type { ChannelOptions } from "../../channels/options.ts";
import { checkPublicationData } from "../../channels/publication-data.ts";
import type { ConnectionConfig } from "../../config/connection.ts";
import { resultLength } from "../../hub-rpc/lengths.ts";
import {
  answersOf,
  type HomeAnswer,
  type HomeCommand,
  type ManageCall,
  type PublishHomeCommand,
  type UserCommand,
} from "../../hub-rpc/management.ts";
import type { PublishAnswer } from "../../hub-rpc/messages.ts";
import type { Presence, PresenceKind } from "../../presence/presence.ts";
import { ERRORS } from "../../shared/codes.ts";
import { API_LIMITS } from "../../shared/limits.ts";
import { logFailure } from "../../shared/log.ts";
import { withTimeout } from "../../shared/timeout.ts";
import { Allotment } from "../../streams/allotment.ts";
import type { ConditionalPublisher } from "../../streams/conditional-publisher.ts";
import type { Home } from "../../streams/home.ts";
import { type HomeOfReads, historyOf } from "../../streams/home-reads.ts";
import { Receipts } from "../../streams/receipts.ts";
import type { StreamStore } from "../../streams/stream-store.ts";

/** What the server API needs of the home that it asks. */
export interface HubOfManagement {
  readonly name: string;
  readonly config: { readonly connection: ConnectionConfig };
  /** Milliseconds after which a call to another hub is given up. */
  readonly callTimeout: number;
  readonly home: HomeOfReads & Pick<Home, "submit">;
  readonly conditional: Pick<ConditionalPublisher, "publish">;
  readonly presence: Pick<Presence, "ask" | "turn">;
  readonly store: Pick<StreamStore, "transaction" | "saveStream" | "trim">;
  factsOf(channel: string): ChannelFacts;
}

type ChannelCommand = Exclude<HomeCommand, { kind: "publish" | "user" }>;

/** What the commands of one call may still publish and answer together. */
interface Call {
  readonly published: Allotment;
  readonly answered: Allotment;
}

/** Carries out what the server API asks of a home. */
export class Management {
  readonly #hub: HubOfManagement;

  constructor(hub: HubOfManagement) {
    this.#hub = hub;
  }

  /** Answers every command, in order. What is asked about channels sees what was published before it. */
  async carryOut({ commands, used }: ManageCall): Promise<readonly (readonly HomeAnswer[])[]> {
    const call = {
      published: new Allotment(API_LIMITS.publishedLength - (used?.published ?? 0)),
      answered: new Allotment(API_LIMITS.answersLength - (used?.answered ?? 0)),
    };
    const answers: Promise<readonly HomeAnswer[]>[] = [];
    const unsettled: Promise<unknown>[] = [];
    for (const command of commands) {
      const isRead = command.kind !== "publish" && command.kind !== "user";
      if (isRead) await Promise.all(unsettled.splice(0));
      const answer = this.#carryOutSafely(command, call);
      answers.push(answer);
      if (!isRead) unsettled.push(answer);
    }
    return Promise.all(answers);
  }

  async #carryOutSafely(command: HomeCommand, call: Call): Promise<readonly HomeAnswer[]> {
    try {
      if (command.kind === "publish")
        return await Promise.all(command.channels.map((channel) => this.#publish(channel, command, call)));
      return [await (command.kind === "user" ? this.#tell(command.command) : this.#onChannel(command, call))];
    } catch (failure) {
      logFailure("hub.manage_failed", failure, { kind: command.kind });
      return Array<HomeAnswer>(answersOf(command)).fill({ errorCode: ERRORS.internal.code });
    }
  }

  /** Publishes to one of the channels of a command. What can be queued is queued before this returns. */
  async #publish(name: string, command: PublishHomeCommand, { published }: Call): Promise<HomeAnswer> {
    const { check, options, home } = this.#hub.factsOf(name);
    if (check !== "ok") return { errorCode: ERRORS.badRequest.code };
    const channel = this.#hub.home.channel(name);
    if (options === undefined || channel === undefined) return { errorCode: ERRORS.unknownChannel.code };
    if (home !== this.#hub.name) throw new Error("the channel is not homed here");
    const checked = checkPublicationData(command.data, options);
    if (checked.kind === "error") return { errorCode: checked.error.code };
    if (published.isUsedUp) return { errorCode: ERRORS.tooManyRequests.code };
    published.use(checked.data.length);
    const publication = { data: checked.data, info: undefined, tags: command.tags };
    const { skipHistory } = command;
    return resultOf(
      await this.#hub.conditional.publish(channel, { publication, skipHistory, conditions: command }),
    );
  }

  async #onChannel(command: ChannelCommand, { answered }: Call): Promise<HomeAnswer> {
    const { check, options, home } = this.#hub.factsOf(command.channel);
    if (check !== "ok") return { errorCode: ERRORS.badRequest.code };
    if (options === undefined) return { errorCode: ERRORS.unknownChannel.code };
    if (!isOn(command, options)) return { errorCode: ERRORS.notAvailable.code };
    if (home !== this.#hub.name) throw new Error("the channel is not homed here");
    switch (command.kind) {
      case "presence":
      case "presence_stats":
        return this.#presence(command.kind, command.channel, answered);
      case "history":
        return this.#history(command, answered);
      case "history_remove":
        return this.#removeHistory(command.channel);
    }
  }

  async #presence(kind: PresenceKind, channel: string, answered: Allotment): Promise<HomeAnswer> {
    const { presence, name } = this.#hub;
    const answer = await presence.ask(kind, channel, name, presence.turn);
    if (answered.isUsedUp) return { errorCode: ERRORS.tooManyRequests.code };
    if ("errorCode" in answer) return answer;
    answered.use(resultLength(answer));
    return answer;
  }

  #history(command: Extract<HomeCommand, { kind: "history" }>, answered: Allotment): HomeAnswer {
    if (answered.isUsedUp) return { errorCode: ERRORS.tooManyRequests.code };
    const answer = historyOf(this.#hub.home, command, this.#hub.config.connection);
    if ("errorCode" in answer) return answer;
    const { publications, offset, epoch } = answer;
    const result = { kind: "history", publications, offset, epoch } as const;
    answered.use(resultLength(result));
    return result;
  }

  /** The position of the stream stays: it must be written, because the top is known from the newest row alone. */
  #removeHistory(name: string): HomeAnswer {
    const channel = this.#hub.home.channel(name);
    if (channel && channel.top > 0) {
      const { store } = this.#hub;
      store.transaction(() => {
        store.saveStream(name, channel);
        store.trim(name, channel.top, 0);
      });
    }
    return { kind: "done" };
  }

  /** Tells every hub that holds connections of the user's shard, and answers when all of them have carried it out. */
  async #tell(command: UserCommand): Promise<HomeAnswer> {
    const name = controlChannel(command.user);
    const { home } = this.#hub.factsOf(name);
    const channel = this.#hub.home.channel(name);
    if (!this.#hub.config.connection.userCommands) return { errorCode: ERRORS.notAvailable.code };
    if (channel === undefined || home !== this.#hub.name) throw new Error("the user is not homed here");
    if ("channel" in command && command.channel !== "") {
      const { check, options } = this.#hub.factsOf(command.channel);
      if (check !== "ok") return { errorCode: ERRORS.badRequest.code };
      if (options === undefined) return { errorCode: ERRORS.unknownChannel.code };
    }
    const receipts = new Receipts();
    const answer = await new Promise<PublishAnswer>((resolve) => {
      this.#hub.home.submit(channel, {
        ...{ kind: "command", command, receipts },
        answer: resolve,
      });
    });
    if ("errorCode" in answer) return answer;
    const isCarriedOut = await withTimeout(receipts.areComplete(), this.#hub.callTimeout);
    return isCarriedOut ? { kind: "done" } : { errorCode: ERRORS.internal.code };
  }
}

function isOn({ kind }: ChannelCommand, options: ChannelOptions): boolean {
  return kind === "presence" || kind === "presence_stats" ? options.presence : hasHistory(options);
}

function resultOf(answer: PublishAnswer): HomeAnswer {
  if ("errorCode" in answer) return answer;
  return { kind: "published", offset: answer.offset, epoch: answer.epoch };
}
