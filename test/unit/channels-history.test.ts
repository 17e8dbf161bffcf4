import { describe, expect, test } from "vitest";
import { planHistory } from "../../src/channels/history.ts";
import { resolveConfig } from "../../src/config/config.ts";
import { ERRORS } from "../../src/shared/codes.ts";

describe("what a history command reads", () => {
  const stream = { offset: 10, epoch: "e" };
  const plan = (limit: number, since?: { offset: number; epoch: string }, reverse = false) =>
    planHistory({ limit, since, reverse }, stream, 300);
  const read = (limit: number, after?: number, before?: number, reverse = false) => ({
    ...{ kind: "read", after, before, limit, reverse },
  });

  test.each([
    [plan(0), { kind: "position" }],
    [plan(0, { offset: 3, epoch: "e" }), { kind: "position" }],
    [plan(-1), read(300)],
    [plan(-5), read(300)],
    [plan(1), read(1)],
    [plan(300), read(300)],
    [plan(301), read(300)],
  ])("CHAN-30: the limit %#", (actual, expected) => {
    expect(actual).toEqual(expected);
  });

  test.each([
    [plan(5, { offset: 3, epoch: "e" }), read(5, 3)],
    [plan(5, { offset: 0, epoch: "" }), read(5, 0)],
    [plan(5, undefined, true), read(5, undefined, undefined, true)],
    [plan(5, { offset: 3, epoch: "e" }, true), read(5, undefined, 3, true)],
  ])("CHAN-31: since is left out, in both directions %#", (actual, expected) => {
    expect(actual).toEqual(expected);
  });

  test("CHAN-32: a position of another stream is error 112", () => {
    const error = { kind: "error", error: ERRORS.unrecoverablePosition };
    expect(plan(5, { offset: 3, epoch: "f" })).toEqual(error);
    expect(plan(0, { offset: 3, epoch: "f" })).toEqual(error);
    expect(plan(5, { offset: 3, epoch: "f" }, true)).toEqual(error);
  });

  test("CHAN-32: nothing is before offset 0, which is error 107", () => {
    expect(plan(5, { offset: 0, epoch: "e" }, true)).toEqual({ kind: "error", error: ERRORS.badRequest });
  });
});

describe("how many publications a reply may bring", () => {
  const publications = ["historyMaxPublicationLimit", "recoveryMaxPublicationLimit"];

  test.each([
    ...publications.map((setting) => [setting, 10_000] as const),
    ["replyMaxLength", 8_000_000] as const,
  ])("CHAN-47: %s is from 1 to %i", (setting, most) => {
    const settle = (value: number) => resolveConfig({ connection: { [setting]: value } }, {}).connection;
    expect(settle(most)).toMatchObject({ [setting]: most });
    for (const value of [0, most + 1]) expect(() => settle(value)).toThrow(`connection.${setting}`);
  });

  test("CHAN-30: history reads as many as is configured", () => {
    const all = { limit: -1, since: undefined, reverse: false };
    expect(planHistory(all, { offset: 10, epoch: "e" }, 5_000)).toMatchObject({ limit: 5_000 });
  });
});
