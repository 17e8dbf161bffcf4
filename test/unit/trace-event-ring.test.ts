import { expect, test } from "vitest";
import { MiB } from "../../src/shared/limits/units.ts";
import { RECORDER_LIMITS } from "../../src/shared/limits.ts";
import { Recorder, Trail } from "../../src/trace/recorder.ts";

const MOST = 4 * MiB;

function everything(recorder: Recorder, trail: Trail) {
  return recorder.story(trail, () => true);
}

/** A recorder that has as many clients as it takes to grow to its most. */
function crowded(): { readonly recorder: Recorder; readonly trails: readonly Trail[] } {
  const recorder = new Recorder(true, Date.now());
  const count = RECORDER_LIMITS.events / RECORDER_LIMITS.eventsPerClient;
  const trails = Array.from({ length: count }, () => new Trail(recorder, undefined));
  for (const trail of trails) trail.open();
  return { recorder, trails };
}

test("REC-06: a recorder that has recorded nothing takes nothing, and with one client only what its story needs", () => {
  const recorder = new Recorder(true, Date.now());
  const trail = new Trail(recorder, undefined);
  expect(recorder.size).toBe(0);
  for (let id = 1; id <= 10_000; id += 1) trail.note("publish", id, 0, "chat:1");
  expect(recorder.size).toBeLessThan(8_192);
  expect(everything(recorder, trail).events).toHaveLength(RECORDER_LIMITS.eventsPerClient);
});

test("REC-06: a recorder takes at most 4 MiB, however long the names are and however many", () => {
  const { recorder, trails } = crowded();
  const long = "x".repeat(RECORDER_LIMITS.nameLength - 8);
  for (let id = 1; id <= 2 * RECORDER_LIMITS.events; id += 1)
    trails[id % trails.length]?.note("publish", id, 0, long + id);
  expect(recorder.size).toBeLessThanOrEqual(MOST);
  expect(recorder.size).toBeGreaterThan(MOST / 2);
});

test("REC-06: with few names, a recorder keeps as many events as it may", () => {
  const { recorder, trails } = crowded();
  const [first, second] = trails;
  for (let id = 1; id < RECORDER_LIMITS.events; id += 1) first?.note("rpc", id, 0, "add");
  second?.note("rpc", 1, 0, "add");
  expect(first && everything(recorder, first).events).toHaveLength(RECORDER_LIMITS.events - 1);
  // Its opening is gone, and its last event is there.
  expect(second && everything(recorder, second)).toMatchObject({
    since: "open",
    cut: 1,
    events: [{ event: "rpc" }],
  });
});

test("REC-02: a client's events are found in their order among those of others, over every growth of the ring", () => {
  const recorder = new Recorder(true, Date.now());
  const trails = Array.from({ length: 50 }, () => new Trail(recorder, undefined));
  for (let id = 1; id <= 100; id += 1)
    for (const trail of trails) trail.note("publish", id, 0, `chat:${id % 7}`);
  for (const trail of trails) {
    const { events, cut } = everything(recorder, trail);
    expect(cut).toBe(0);
    expect(events.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    expect(events.map(({ channel }) => channel)).toEqual(events.map(({ id = 0 }) => `chat:${id % 7}`));
  }
});

test("REC-02: what is larger than its place is kept as the largest that fits", () => {
  const recorder = new Recorder(true, Date.now());
  const trail = new Trail(recorder, undefined);
  trail.pings = 1_000;
  trail.pushes = 100_000;
  trail.note("rpc", 0xffff_ffff, 0, "m".repeat(1_000));
  expect(everything(recorder, trail).events).toEqual([
    {
      at: expect.any(Number),
      event: "rpc",
      id: 0xffff_ffff,
      method: "m".repeat(RECORDER_LIMITS.nameLength),
      pushes: 100_000,
      pings: 255,
    },
  ]);
});
