import { expect, test } from "vitest";
import {
  type Block,
  BlockedUsers,
  type BlockStore,
  closeOfBlocked,
} from "../../src/sessions/blocked-users.ts";
import { mayReconnect } from "../../src/shared/codes.ts";
import { BLOCK_LIMITS } from "../../src/shared/limits.ts";

function storeOf(count = 0) {
  const rows = new Map<string, Block>();
  const store: BlockStore = {
    blockOf: (user) => rows.get(user),
    save: (user, block) => void rows.set(user, block),
    remove: (user) => void rows.delete(user),
    count: () => count + rows.size,
    trim: () => undefined,
  };
  return store;
}

const block = (until: number) => ({ until, reason: "blocked" });

test("BLOCK-03: a block holds until its time, which the alarm comes for", () => {
  const alarms: number[] = [];
  const blocked = new BlockedUsers({ wakeAt: (time) => void alarms.push(time) }, storeOf());
  expect(blocked.block("ann", block(1000))).toBe(true);
  expect(alarms).toEqual([1000]);
  expect(blocked.blockOf("ann", 999)).toEqual(block(1000));
  expect(blocked.blockOf("ann", 1000)).toBeUndefined();
  expect(blocked.blockOf("bob", 0)).toBeUndefined();
  blocked.unblock("ann");
  expect(blocked.blockOf("ann", 0)).toBeUndefined();
});

test("BLOCK-04: there are as many blocks as the limit says, and each may be changed", () => {
  const blocked = new BlockedUsers({ wakeAt: () => {} }, storeOf(BLOCK_LIMITS.users - 1));
  expect(blocked.block("ann", block(1000))).toBe(true);
  expect(blocked.block("bob", block(1000))).toBe(false);
  expect(blocked.block("ann", block(2000))).toBe(true);
  blocked.unblock("ann");
  expect(blocked.block("bob", block(1000))).toBe(true);
});

test("BLOCK-01: the code is final, so that SDKs do not come back", () => {
  const { code, reconnect } = closeOfBlocked({ reason: "spam" });
  expect([code, reconnect, mayReconnect(code)]).toEqual([3510, false, false]);
});
