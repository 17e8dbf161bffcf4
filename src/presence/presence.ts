import type {
  JoinLeaveSubmission,
  MembersAnswer,
  MembersCall,
  PresenceAnswer,
  PresenceCall,
  PresenceNumbers,
  TooLarge,
} from "../hub-rpc/messages.ts";
import type { ClientInfo, PresenceReply, PresenceStatsReply } from "../protocol/messages.ts";
import { ERRORS } from "../shared/codes.ts";
import { CHANNEL_LIMITS } from "../shared/limits.ts";
import { SharedAnswers } from "../shared/shared-answers.ts";
import { HomePresence, type HubOfHomePresence } from "./home-presence.ts";
import { keysOf, lengthOf, membersOf } from "./members.ts";

/** What presence needs of its hub. */
export interface HubOfPresence extends HubOfHomePresence {
  /** Asks for a flush. */
  schedule(): void;
}

export type PresenceKind = "presence" | "presence_stats";

/** What is replied, or the code of the error. */
export type PresenceOutcome = PresenceReply | PresenceStatsReply | { readonly errorCode: number };

const TOO_LARGE: PresenceOutcome = { errorCode: ERRORS.tooManyRequests.code };

/** Who is subscribed to a channel, on all hubs. What this hub and the home know of their own members is always fresh. */
export class Presence {
  readonly #hub: HubOfPresence;
  readonly #home: HomePresence;
  readonly #shared = {
    presence: new SharedAnswers<PresenceOutcome>(),
    presence_stats: new SharedAnswers<PresenceOutcome>(),
  };

  constructor(hub: HubOfPresence) {
    this.#hub = hub;
    this.#home = new HomePresence(hub);
  }

  /** Counts flushes: what is asked in one turn may be answered together. */
  get turn(): number {
    return this.#shared.presence.turn;
  }

  /**
   * The reply, one for all who ask in the same turn, or error 111 where it would be too large. `askedIn` is
   * the turn in which the question came. Throws when the home of the channel, or one of its followers, does not answer.
   */
  ask(kind: PresenceKind, channel: string, home: string, askedIn: number): Promise<PresenceOutcome> {
    return this.#shared[kind].ask(channel, askedIn, async () => {
      try {
        return await (kind === "presence" ? this.#list(channel, home) : this.#count(channel, home));
      } finally {
        // The turn has to end also where nobody is sent anything, as with the server API.
        this.#hub.schedule();
      }
    });
  }

  /** Answers another hub as the home of a channel. */
  answer(call: PresenceCall): Promise<PresenceAnswer> {
    const { channel, caller } = call;
    return "keys" in call
      ? this.#home.numbers(channel, caller, call.keys)
      : this.#home.members(channel, caller, call.limit);
  }

  /** Answers the home of a channel. */
  tell({ channel, limit, keysOnly }: MembersCall): MembersAnswer {
    const local = this.#hub.locals.get(channel);
    const size = keysOnly ? (local?.counts.clients ?? 0) : lengthOf(local);
    if (size > limit) return { untold: size };
    return keysOnly ? keysOf(local) : membersOf(local);
  }

  /** Takes note that the members of a channel that are here have changed. */
  changed(channel: string): void {
    this.#shared.presence.outdate(channel);
    this.#shared.presence_stats.outdate(channel);
  }

  /** Takes note, at the home of a channel, of a member who has come to another hub or left it. */
  noteMember(hub: string, joinLeave: JoinLeaveSubmission): void {
    this.#home.noteMember(hub, joinLeave);
    this.changed(joinLeave.channel);
  }

  /** A flush has ended the turn. */
  flushed(now: number): void {
    this.#shared.presence.endTurn();
    this.#shared.presence_stats.endTurn();
    this.#home.sweep(now);
  }

  async #list(channel: string, home: string): Promise<PresenceOutcome> {
    const room = CHANNEL_LIMITS.presenceLength - lengthOf(this.#hub.locals.get(channel));
    if (room < 0) return TOO_LARGE;
    const others = await this.#others(channel, home, room);
    if ("untold" in others) return TOO_LARGE;
    const members = [...membersOf(this.#hub.locals.get(channel)), ...others];
    return { kind: "presence", members };
  }

  async #others(channel: string, home: string, limit: number): Promise<readonly ClientInfo[] | TooLarge> {
    const { name: caller } = this.#hub;
    if (home === caller) return this.#home.members(channel, caller, limit);
    const answer = await this.#hub.stubOf(home).presence({ channel, caller, limit });
    if ("clients" in answer) throw new Error("members were asked for, and numbers came");
    return answer;
  }

  async #count(channel: string, home: string): Promise<PresenceOutcome> {
    const numbers = await this.#numbers(channel, home);
    if ("untold" in numbers) return TOO_LARGE;
    return { kind: "presence_stats", ...numbers };
  }

  async #numbers(channel: string, home: string): Promise<PresenceNumbers | TooLarge> {
    const { name: caller, locals } = this.#hub;
    if (home === caller) return this.#home.numbers(channel, caller, undefined);
    const keys = keysOf(locals.get(channel));
    const answer = await this.#hub.stubOf(home).presence({ channel, caller, keys });
    if (isMembers(answer)) throw new Error("numbers were asked for, and members came");
    return answer;
  }
}

function isMembers(answer: PresenceAnswer): answer is readonly ClientInfo[] {
  return Array.isArray(answer);
}
