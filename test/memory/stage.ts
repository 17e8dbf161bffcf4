import { appendFile } from "node:fs/promises";
import { basename } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import { Heap } from "../support/heap.ts";
import { until } from "../support/until.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";
import { Member } from "./member.ts";

/** What an object has, in MB. */
const HEAP = 128;
/** Handshakes at once: the accept queue of a server is short. */
const CONNECTING_AT_ONCE = 100;
const DEADLINE_MS = 240_000;
/** Where the benchmark finds the peaks of the heap, a line for each test; undefined: nobody looks. */
const PEAKS_FILE = process.env.POORWILL_HEAP_PEAKS;

/** A gateway with the heap of one object, of its own for each test, and the clients around it. It must outlive the test. */
export interface Stage {
  /** A few sockets at a hub, that have not connected. */
  open(hub: string, count: number): Promise<Member[]>;
  /** Connected clients. `commands` go with the connect, and must be carried out. */
  join(hub: string, count: number, connect?: object, ...commands: readonly object[]): Promise<Member[]>;
  /** Holds back the frames of clients, or the calls of other hubs, on all hubs until `release`: then they come at once. */
  hold(what: "frames" | "calls"): Promise<void>;
  /** How many frames or calls are held back. */
  untilHeld(count: number): Promise<void>;
  release(): Promise<void>;
  /** Waits until something holds of every one. Until then, it does `meanwhile` over and over. */
  untilAll<One>(
    ones: readonly One[],
    holds: (one: One) => boolean,
    meanwhile?: () => Promise<void>,
  ): Promise<void>;
}

export function useStage(): Stage {
  let gateway: Workerd | undefined;
  let members: Member[] = [];
  let peak: (() => Promise<number>) | undefined;
  beforeEach(async () => {
    gateway = await startWorkerd({
      configPath: "test/memory/worker/wrangler.toml",
      v8Flags: [`--max-heap-size=${HEAP}`],
      isInspected: PEAKS_FILE !== undefined,
    });
    peak = PEAKS_FILE === undefined ? undefined : (await Heap.of(gateway.inspectorPort)).watch();
  });
  afterEach(async ({ task }) => {
    const isRunning = gateway?.isRunning;
    if (PEAKS_FILE && peak) {
      const burst = basename(task.file.name, ".test.ts");
      await appendFile(PEAKS_FILE, `${JSON.stringify({ burst, bytes: await peak() })}\n`);
    }
    await gateway?.kill();
    await Promise.all(members.map((member) => member.end()));
    members = [];
    expect(isRunning, gateway?.output().slice(-2_000)).toBe(true);
  });
  const openBatch = async (hub: string, count: number) => {
    const path = `/hubs/${encodeURIComponent(hub)}`;
    const batch = Array.from({ length: count }, () => new Member(gateway?.port ?? 0, path));
    members.push(...batch);
    await until(
      () => batch.every(({ status, hasEnded }) => status !== undefined || hasEnded),
      "handshakes",
      DEADLINE_MS,
    );
    return batch;
  };
  const get = async (path: string) => (await fetch(`${gateway?.url}${path}`)).text();
  return {
    open: openBatch,
    async join(hub, count, connect = {}, ...commands) {
      const joined: Member[] = [];
      while (joined.length < count) {
        const batch = await openBatch(hub, Math.min(CONNECTING_AT_ONCE, count - joined.length));
        expect(batch.every(({ status }) => status === 101)).toBe(true);
        const ids = batch.map((member) => member.send({ connect }, ...commands));
        for (const [index, member] of batch.entries())
          for (const id of ids[index] ?? []) expect((await member.reply(id)).error).toBeUndefined();
        joined.push(...batch);
      }
      return joined;
    },
    hold: async (what) => void (await get(`/hold/${what}`)),
    untilHeld: (count) =>
      until(async () => Number(await get("/waiting")) >= count, `${count} to be held back`, DEADLINE_MS),
    untilAll: (ones, holds, meanwhile) =>
      until(
        async () => {
          if (ones.every(holds)) return true;
          await meanwhile?.();
          return false;
        },
        "all of them",
        DEADLINE_MS,
      ),
    release: async () => void (await get("/release")),
  };
}
