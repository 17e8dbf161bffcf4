import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decideRecovery, type RecoveryQuestion, recoveryRead } from "../../src/channels/recovery.ts";
import { ERRORS } from "../../src/shared/codes.ts";

const run = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => ({ offset: from + index }));
const at = (offset: number, epoch = "e") => ({ offset, epoch });
const top = (offset: number) => at(offset);

describe("stream", () => {
  const decide = (request: RecoveryQuestion["request"], missed: { offset: number }[], flag = 0) =>
    decideRecovery({ mode: "stream", autoCache: true, request, stream: top(10), missed, flag });

  test("CHAN-20: who does not ask starts at the top", () => {
    expect(decide(undefined, [])).toEqual({ kind: "none", offset: 10 });
    expect(decide(undefined, [], 2)).toEqual({ kind: "none", offset: 10 });
  });

  test.each([
    ["nothing missed", at(10), []],
    ["some missed", at(7), run(8, 10)],
    ["all missed", at(0), run(1, 10)],
    ["the epoch not known", at(9, ""), run(10, 10)],
  ])("CHAN-21: %s is recovered, from where the client was", (_name, request, missed) => {
    expect(decide(request, missed)).toEqual({
      kind: "recovered",
      offset: request.offset,
      publications: missed,
    });
  });

  const lost = [
    ["another epoch", at(10, "f"), []],
    ["another epoch, with all there is", at(7, "f"), run(8, 10)],
    ["an epoch that only begins alike", at(10, "e2"), []],
    ["nothing stored", at(7), []],
    ["the first ones gone", at(7), run(9, 10)],
    ["the last ones not read", at(7), run(8, 9)],
    ["a gap", at(6), [...run(7, 7), ...run(9, 10)]],
    ["a repetition", at(7), [{ offset: 8 }, { offset: 8 }, { offset: 10 }]],
    ["a position after the top", at(11), []],
    ["an epoch that no stream has", at(0, "_"), run(1, 10)],
  ] as const;

  test.each(lost)("CHAN-22: %s is not recovered, and starts at the top", (_name, request, missed) => {
    expect(decide(request, [...missed])).toEqual({ kind: "unrecovered", offset: 10 });
    expect(decide(request, [...missed], 1)).toEqual({ kind: "unrecovered", offset: 10 });
  });

  test.each(lost)("CHAN-23: %s is error 112 for who wants all or nothing", (_name, request, missed) => {
    expect(decide(request, [...missed], 2)).toEqual({ kind: "refused", error: ERRORS.unrecoverablePosition });
    expect(decide(request, [...missed], 3)).toEqual({ kind: "refused", error: ERRORS.unrecoverablePosition });
  });

  test.each([
    [300, "recovered"],
    [301, "unrecovered"],
  ])("CHAN-24: %i missed are %s", (missed, kind) => {
    const question = { mode: "stream", autoCache: false, request: at(5), stream: top(5 + missed) } as const;
    const read = recoveryRead(question, 300);
    const publications =
      read.kind === "after" ? run(read.offset + 1, Math.min(read.offset + read.limit, 5 + missed)) : [];
    expect(decideRecovery({ ...question, missed: publications }).kind).toBe(kind);
  });

  test("CHAN-24: as many are read as is configured", () => {
    const question = { mode: "stream", autoCache: false, request: at(5), stream: top(5_005) } as const;
    expect(recoveryRead(question, 5_000)).toEqual({ kind: "after", offset: 5, limit: 5_000 });
    expect(recoveryRead(question, 4_999)).toEqual({ kind: "none" });
  });

  test("CHAN-25: only what can be recovered is read", () => {
    const read = (request: RecoveryQuestion["request"], offset = 10) =>
      recoveryRead({ mode: "stream", autoCache: true, request, stream: top(offset) }, 300);
    expect(read(at(7))).toEqual({ kind: "after", offset: 7, limit: 300 });
    expect(read(at(7, ""))).toEqual({ kind: "after", offset: 7, limit: 300 });
    for (const request of [undefined, at(10), at(11), at(7, "f")])
      expect(read(request)).toEqual({ kind: "none" });
    expect(read(at(7), 308)).toEqual({ kind: "none" });
  });

  test("CHAN-21: recovered is everything up to the top, once and in order, or it is not said", () => {
    const stored = fc.record({
      top: fc.nat(400),
      oldest: fc.integer({ min: 1, max: 401 }),
      offset: fc.nat(410),
      epoch: fc.constantFrom("", "e", "f"),
    });
    fc.assert(
      fc.property(stored, ({ top: last, oldest, offset, epoch }) => {
        const question = {
          mode: "stream",
          autoCache: false,
          request: at(offset, epoch),
          stream: top(last),
        } as const;
        const read = recoveryRead(question, 300);
        const missed =
          read.kind === "after" ? run(Math.max(read.offset + 1, oldest), last).slice(0, read.limit) : [];
        const recovery = decideRecovery({ ...question, missed });
        const isPossible =
          epoch !== "f" &&
          offset <= last &&
          (offset === last || oldest <= offset + 1) &&
          last - offset <= 300;
        expect(recovery).toEqual(
          isPossible
            ? { kind: "recovered", offset, publications: run(offset + 1, last) }
            : { kind: "unrecovered", offset: last },
        );
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("cache", () => {
  const decide = (
    request: RecoveryQuestion["request"],
    missed: { offset: number }[],
    some: { autoCache?: boolean; flag?: number } = {},
  ) => decideRecovery({ mode: "cache", autoCache: false, request, stream: top(10), missed, ...some });
  const latest = run(10, 10);

  test.each([
    ["an older position", at(7), 7],
    ["another epoch", at(10, "f"), 10],
    ["no epoch", at(10, ""), 10],
    ["no position", at(0, ""), 0],
  ])("CHAN-26: from %s, the newest publication is the state", (_name, request, offset) => {
    expect(decide(request, latest)).toEqual({ kind: "recovered", offset, publications: latest });
  });

  test("CHAN-26: who has the newest gets nothing", () => {
    expect(decide(at(10), latest)).toEqual({ kind: "recovered", offset: 10, publications: [] });
    expect(decide(at(10), [])).toEqual({ kind: "recovered", offset: 10, publications: [] });
  });

  test.each([
    ["nothing stored", at(7), []],
    ["nothing stored in another epoch", at(10, "f"), []],
    ["nothing stored, from nowhere", at(0), []],
    ["a newest that is not the top", at(7), run(9, 9)],
  ])("CHAN-27: %s is not recovered", (_name, request, missed) => {
    expect(decide(request, missed)).toEqual({ kind: "unrecovered", offset: 10 });
    expect(decide(request, missed, { flag: 2 })).toEqual({
      kind: "refused",
      error: ERRORS.unrecoverablePosition,
    });
  });

  test("CHAN-27: an empty stream, where offset 0 is no position, is not recovered", () => {
    expect(
      decideRecovery({ mode: "cache", autoCache: true, request: undefined, stream: top(0), missed: [] }),
    ).toEqual({
      kind: "unrecovered",
      offset: 0,
    });
  });

  test("CHAN-27: offset 0 is no position that a client could have, also of the same stream", () => {
    const request = at(0);
    expect(decideRecovery({ mode: "cache", autoCache: false, request, stream: top(0), missed: [] })).toEqual({
      kind: "unrecovered",
      offset: 0,
    });
  });

  test("CHAN-28: without asking, the newest comes only where that is on", () => {
    expect(decide(undefined, latest)).toEqual({ kind: "none", offset: 10 });
    expect(decide(undefined, latest, { autoCache: true })).toEqual({
      kind: "recovered",
      offset: 0,
      publications: latest,
    });
    expect(decide(at(10), latest, { autoCache: true })).toEqual({
      kind: "recovered",
      offset: 10,
      publications: [],
    });
  });

  test("CHAN-25: only the newest is read, and that only when it is needed", () => {
    const read = (request: RecoveryQuestion["request"], autoCache = false) =>
      recoveryRead({ mode: "cache", autoCache, request, stream: top(10) }, 300);
    expect(read(at(7))).toEqual({ kind: "latest" });
    expect(read(at(10, "f"))).toEqual({ kind: "latest" });
    expect(read(at(10))).toEqual({ kind: "none" });
    expect(read(undefined)).toEqual({ kind: "none" });
    expect(read(undefined, true)).toEqual({ kind: "latest" });
  });
});
