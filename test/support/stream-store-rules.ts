import { expect } from "vitest";
import { HUB_LIMITS } from "../../src/shared/limits.ts";
import type { StreamStore } from "../../src/streams/stream-store.ts";

const CHANNEL = "chat:1";
const STREAM = { epoch: "first", top: 0, used: 1_000, unsettled: undefined };

/** Publications with these offsets, each of which is its own offset. */
const run = (first: number, last: number) => ({
  first,
  publications: Array.from({ length: last - first + 1 }, (_, index) => `${first + index}`),
});

/** A stream of three flushes: offsets 1 to 3 at 1 s, 4 and 5 at 2 s, 6 at 3 s. */
function fill(store: StreamStore): void {
  store.saveStream(CHANNEL, STREAM);
  store.append(CHANNEL, run(1, 3), 1_000);
  store.append(CHANNEL, run(4, 5), 2_000);
  store.append(CHANNEL, run(6, 6), 3_000);
}

/** A rule, and what is to be tried with an empty store. */
interface StoreRule {
  readonly name: string;
  readonly check: (store: StreamStore) => void;
}

/** What every store of streams keeps to, whatever it is built on. */
export const STREAM_STORE_RULES: readonly StoreRule[] = [
  {
    name: "an empty store knows nothing, and reads nothing",
    check: (store) => {
      expect(store.stream(CHANNEL)).toBeUndefined();
      expect(store.read(CHANNEL, { limit: 10 }, 0).publications).toEqual([]);
      expect(store.followers(CHANNEL)).toEqual([]);
      expect([store.channels(), store.ages(), store.unsettledChannels()]).toEqual([[], [], []]);
      expect(store.oldestTime(CHANNEL)).toBeUndefined();
    },
  },
  {
    name: "a stream is found with the top and the time of its newest publication",
    check: (store) => {
      fill(store);
      expect(store.stream(CHANNEL)).toEqual({ ...STREAM, top: 6, published: 3_000 });
      expect(store.oldestTime(CHANNEL)).toBe(1_000);
      expect(store.channels()).toEqual([CHANNEL]);
    },
  },
  {
    name: "a part of a stream is read without a gap, whichever end it is counted from",
    check: (store) => {
      fill(store);
      expect(store.read(CHANNEL, { after: 1, limit: 3 }, 0)).toEqual(run(2, 4));
      expect(store.read(CHANNEL, { limit: 4, reverse: true }, 0)).toEqual(run(3, 6));
      expect(store.read(CHANNEL, { before: 5, limit: 2, reverse: true }, 0)).toEqual(run(3, 4));
      expect(store.read(CHANNEL, { after: 6, limit: 2 }, 0).publications).toEqual([]);
      expect(store.read(CHANNEL, { limit: 10 }, 1_000)).toEqual(run(4, 6));
    },
  },
  {
    name: "a read that has gathered enough characters goes no further",
    check: (store) => {
      fill(store);
      expect(store.read(CHANNEL, { limit: 10, length: 2 }, 0)).toEqual(run(1, 3));
    },
  },
  {
    name: "what is too long for one row is read back whole",
    check: (store) => {
      const publications = ["a", "b", "c"].map((text) => text.repeat(HUB_LIMITS.rowLength / 2));
      store.append(CHANNEL, { first: 1, publications }, 1_000);
      expect(store.read(CHANNEL, { limit: 10 }, 0)).toEqual({ first: 1, publications });
    },
  },
  {
    name: "rows are trimmed when all of them is past the offset, or as old as the time",
    check: (store) => {
      fill(store);
      store.trim(CHANNEL, 2, 0);
      expect(store.read(CHANNEL, { limit: 10 }, 0)).toEqual(run(1, 6));
      store.trim(CHANNEL, 3, 0);
      expect(store.read(CHANNEL, { limit: 10 }, 0)).toEqual(run(4, 6));
      store.trim(CHANNEL, 0, 2_000);
      expect(store.read(CHANNEL, { limit: 10 }, 0)).toEqual(run(6, 6));
    },
  },
  {
    name: "a transaction that throws leaves nothing, not even the table that it made",
    check: (store) => {
      const work = () =>
        store.transaction(() => {
          fill(store);
          throw new Error("in the middle");
        });
      expect(work).toThrow("in the middle");
      expect(store.stream(CHANNEL)).toBeUndefined();
      store.transaction(() => fill(store));
      expect(store.stream(CHANNEL)?.top).toBe(6);
    },
  },
  {
    name: "a follower is stored once, and asked about",
    check: (store) => {
      const follower = { hub: "edge/1", generation: 1, epoch: "first", used: 1_000 };
      store.saveFollower(CHANNEL, follower);
      store.saveFollower(CHANNEL, { ...follower, generation: 2 });
      store.askedFollowers(CHANNEL, 2_000);
      expect(store.followers(CHANNEL)).toEqual([{ ...follower, generation: 2, used: 2_000 }]);
      store.deleteFollower(CHANNEL, "edge/1");
      expect(store.followers(CHANNEL)).toEqual([]);
    },
  },
  {
    name: "ages are those of streams, and of channels of which only followers are known",
    check: (store) => {
      fill(store);
      store.saveFollower("empty:1", { hub: "edge/1", generation: 1, epoch: "", used: 500 });
      expect(store.ages()).toEqual([
        { channel: CHANNEL, used: 1_000, top: 0, oldest: 1_000, isFollowed: false },
        { channel: "empty:1", used: 500, top: 0, oldest: null, isFollowed: true },
      ]);
    },
  },
  {
    name: "unsettled channels are found until they are settled",
    check: (store) => {
      store.saveStream(CHANNEL, { ...STREAM, unsettled: 4 });
      expect(store.unsettledChannels()).toEqual([CHANNEL]);
      store.saveStream(CHANNEL, STREAM);
      expect(store.unsettledChannels()).toEqual([]);
    },
  },
  {
    name: "of a deleted channel nothing is left, and others are untouched",
    check: (store) => {
      fill(store);
      store.saveFollower(CHANNEL, { hub: "edge/1", generation: 1, epoch: "", used: 500 });
      store.saveStream("other:1", STREAM);
      store.deleteChannel(CHANNEL);
      expect(store.read(CHANNEL, { limit: 10 }, 0).publications).toEqual([]);
      expect(store.followers(CHANNEL)).toEqual([]);
      expect(store.channels()).toEqual(["other:1"]);
    },
  },
];
