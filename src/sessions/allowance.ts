import type { Reply } from "../protocol/messages.ts";
import { SESSION_LIMITS } from "../shared/limits.ts";
import type { RateLimit } from "../shared/token-bucket.ts";
import { TokenBucket } from "../shared/token-bucket.ts";

/** What one connection may send. */
export interface SendingLimits {
  readonly commandRate: RateLimit;
  readonly byteRate: RateLimit;
}

/** What an answer costs besides the one of its command. */
export interface Answered {
  /** Characters of the answer. */
  readonly length: number;
  /** Members that it lists or counts. */
  readonly members?: number;
}

/**
 * Counts what one connection sends, and what its answers cost. It may be refused as many commands as it may send: a
 * client that goes on all the same does not listen. After sleep it begins anew, which takes longer than filling up does.
 */
export class Allowance {
  readonly #limits: SendingLimits;
  readonly #commands: TokenBucket;
  readonly #bytes: TokenBucket;
  /** Undefined until something is refused, which of most connections nothing is. */
  #refusals: TokenBucket | undefined;

  constructor(limits: SendingLimits, now: number) {
    this.#limits = limits;
    this.#commands = new TokenBucket(limits.commandRate, now);
    this.#bytes = new TokenBucket(limits.byteRate, now);
  }

  /** Whether a frame of so many bytes may be read. `now` is in milliseconds, here and below. */
  takeFrame(bytes: number, now: number): boolean {
    return this.#bytes.takeUpTo(bytes, now) === bytes;
  }

  /** Whether one more command may be carried out. */
  takeCommand(now: number): boolean {
    return this.#commands.take(now);
  }

  /** Notes that a command was refused. False: the connection has been told to slow down often enough. */
  takeRefusal(now: number): boolean {
    this.#refusals ??= new TokenBucket(this.#limits.commandRate, now);
    return this.#refusals.take(now);
  }

  /** Charges for an answer once it is known. The allowance may fall below zero: nothing is carried out until it is back. */
  charge(answered: Answered, now: number): void {
    this.#commands.spend(costOf(answered), now);
  }

  /** Charges for what a hub sends to so many subscribers, in parts of a command too: short publications come often. */
  chargeFanOut(length: number, subscribers: number, now: number): void {
    this.#commands.spend(((length + PUSH_LENGTH) * subscribers) / SESSION_LIMITS.fanOutPerCommand, now);
  }

  /** Whether answers have cost more than there was. */
  isOverdrawn(now: number): boolean {
    return this.#commands.isOverdrawn(now);
  }
}

/** Characters of a push besides what it brings: its channel, its offset, who sent it. */
const PUSH_LENGTH = 150;

function costOf({ length, members = 0 }: Answered): number {
  const { lengthPerCommand, membersPerCommand } = SESSION_LIMITS;
  return Math.floor(length / lengthPerCommand) + Math.floor(members / membersPerCommand);
}

/** The members that a reply lists or counts. */
export function countMembers(reply: Reply): number {
  if (reply.kind === "presence") return reply.members.length;
  return reply.kind === "presence_stats" ? reply.clients : 0;
}
