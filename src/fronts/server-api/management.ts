import type { Shedding } from "../../budget/shedding.ts";
import {
  answersOf,
  type HomeAnswer,
  type HomeCommand,
  isRead,
  type ManageCall,
} from "../../hub-rpc/management.ts";
import {
  type Budget,
  historyAtHome,
  presenceAtHome,
  publishAtHome,
  removeHistory,
  tellUser,
} from "../../operations/at-home.ts";
import { blockUser, type HubOfBlocks, unblockUser } from "../../operations/block-user.ts";
import { connectionsOf } from "../../operations/user-connections.ts";
import { ERRORS } from "../../shared/codes.ts";
import { API_LIMITS } from "../../shared/limits.ts";
import { logFailure } from "../../shared/log.ts";
import { Allotment } from "../../streams/allotment.ts";

type CommandByKind = { readonly [Each in HomeCommand as Each["kind"]]: Each };
type Kind = keyof CommandByKind;

type Answers = readonly HomeAnswer[] | Promise<readonly HomeAnswer[]>;
type Handler<Each extends HomeCommand> = (hub: HubOfBlocks, command: Each, budget: Budget) => Answers;

/** What each kind of command does: one without a handler does not compile. */
const HANDLERS: { readonly [Each in Kind]: Handler<CommandByKind[Each]> } = {
  publish: (hub, command, budget) =>
    Promise.all(command.channels.map((channel) => publishAtHome(hub, channel, command, budget))),
  presence: async (hub, { channel }, budget) => [await presenceAtHome(hub, "presence", channel, budget)],
  presence_stats: async (hub, { channel }, budget) => [
    await presenceAtHome(hub, "presence_stats", channel, budget),
  ],
  history: (hub, command, budget) => [historyAtHome(hub, command, budget)],
  history_remove: (hub, { channel }) => [removeHistory(hub, channel)],
  user: async (hub, { command }) => [await tellUser(hub, command)],
  block_user: async (hub, command) => [await blockUser(hub, command)],
  unblock_user: (hub, { user }) => [unblockUser(hub, user)],
  user_connections: async (hub, { user }, budget) => [await connectionsOf(hub, user, budget)],
};

/** What looks at channels, and so waits for what was published before. */
const READS: ReadonlySet<Kind> = new Set(["presence", "presence_stats", "history", "history_remove"]);

/** What management needs of its hub. */
export type HubOfManagement = HubOfBlocks & { readonly shedding: Pick<Shedding, "refuses"> };

/** Carries out what the server API asks of a home. */
export class Management {
  readonly #hub: HubOfManagement;

  constructor(hub: HubOfManagement) {
    this.#hub = hub;
  }

  /** Answers every command, in order. What is asked about channels sees what was published before it. */
  async carryOut({ commands, used, trace }: ManageCall): Promise<readonly (readonly HomeAnswer[])[]> {
    const budget = {
      published: new Allotment(API_LIMITS.publishedLength - used.published),
      answered: new Allotment(API_LIMITS.answersLength - used.answered),
    };
    const answers: Promise<readonly HomeAnswer[]>[] = [];
    const unsettled: Promise<unknown>[] = [];
    for (const command of commands) {
      const isRead = READS.has(command.kind);
      if (isRead) await Promise.all(unsettled.splice(0));
      const answer = this.#carryOutSafely(command.kind, command, budget, trace);
      answers.push(answer);
      if (!isRead) unsettled.push(answer);
    }
    return Promise.all(answers);
  }

  async #carryOutSafely<Each extends Kind>(
    kind: Each,
    command: CommandByKind[Each],
    budget: Budget,
    trace: string | undefined,
  ): Promise<readonly HomeAnswer[]> {
    if (isRead(command) && this.#hub.shedding.refuses("reads", Date.now()))
      return [{ errorCode: ERRORS.budgetExceeded.code }];
    try {
      return await HANDLERS[kind](this.#hub, command, budget);
    } catch (failure) {
      logFailure("hub.manage_failed", failure, { kind, trace });
      return Array<HomeAnswer>(answersOf(command)).fill({ errorCode: ERRORS.internal.code });
    }
  }
}
