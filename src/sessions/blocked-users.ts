import { type CloseDefinition, DISCONNECTS } from "../shared/codes.ts";
import { BLOCK_LIMITS } from "../shared/limits.ts";

/** That a user may not connect. */
export interface Block {
  /** Milliseconds. */
  readonly until: number;
  /** What its clients are told. */
  readonly reason: string;
}

/** Where blocks are kept. */
export interface BlockStore {
  blockOf(user: string): Block | undefined;
  save(user: string, block: Block): void;
  remove(user: string): void;
  count(): number;
  /** Deletes those that are over. Returns when the next one is. */
  trim(now: number): number | undefined;
}

/** What blocks need of their hub. */
export interface HubOfBlockedUsers {
  wakeAt(time: number, job: "trim"): void;
}

/** The users of a control home that may not connect. */
export class BlockedUsers {
  readonly #hub: HubOfBlockedUsers;
  readonly #store: BlockStore;

  constructor(hub: HubOfBlockedUsers, store: BlockStore) {
    this.#hub = hub;
    this.#store = store;
  }

  /** Blocks a user, or changes the block. False: there are as many blocks as may be. */
  block(user: string, block: Block): boolean {
    if (this.#store.blockOf(user) === undefined && this.#store.count() >= BLOCK_LIMITS.users) return false;
    this.#store.save(user, block);
    this.#hub.wakeAt(block.until, "trim");
    return true;
  }

  unblock(user: string): void {
    this.#store.remove(user);
  }

  blockOf(user: string, now: number): Block | undefined {
    const block = this.#store.blockOf(user);
    return block !== undefined && block.until > now ? block : undefined;
  }

  /** Deletes the blocks that are over. Returns when the next one is, in milliseconds. */
  trim(now: number): number | undefined {
    return this.#store.trim(now);
  }
}

/** How a connection of a blocked user is closed. */
export function closeOfBlocked({ reason }: Pick<Block, "reason">): CloseDefinition {
  return { ...DISCONNECTS.blocked, reason };
}
