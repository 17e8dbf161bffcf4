import { describe, expect, test } from "vitest";
import { askHook } from "../../src/channels/hook-outcome.ts";
import { ERRORS } from "../../src/shared/codes.ts";

// biome-ignore lint/suspicious/noExplicitAny: users' code may return anything
const answer = (value: unknown) => askHook<object>(() => value as any);
const thrown = (value: unknown) =>
  askHook<object>(() => {
    throw value;
  });

describe("what came of a hook", () => {
  test("CONF-08: nothing is no opinion", async () => {
    expect(await answer(undefined)).toEqual({ kind: "none" });
    expect(await answer(null)).toEqual({ kind: "none" });
    expect(await answer(Promise.resolve(undefined))).toEqual({ kind: "none" });
  });

  test("CONF-08: an object is the result, now or later", async () => {
    expect(await answer({})).toEqual({ kind: "result", result: {} });
    expect(await answer(Promise.resolve({ data: 1 }))).toEqual({ kind: "result", result: { data: 1 } });
  });

  describe.each([
    ["returned", answer],
    ["thrown", thrown],
    ["rejected", (value: unknown) => answer(Promise.reject(value))],
  ])("a refusal that is %s", (_how, ask) => {
    test.each([[{ code: 100, message: "no" }], [{ code: 1999, message: "no", temporary: true }]])(
      "CONF-09: error %j",
      async (error) => {
        expect(await ask({ error })).toEqual({ kind: "error", error, failure: undefined });
      },
    );

    test("CONF-09: temporary is said only when it is true", async () => {
      const error = { code: 400, message: "no" };
      expect(await ask({ error: { ...error, temporary: false } })).toEqual({
        kind: "error",
        error,
        failure: undefined,
      });
    });

    test.each([[{ code: 4000, reason: "come back" }], [{ code: 4999, reason: "x".repeat(123) }]])(
      "CONF-09: disconnect %j",
      async (disconnect) => {
        expect(await ask({ disconnect })).toEqual({ kind: "disconnect", disconnect });
      },
    );

    test.each([
      [{ error: { code: 99, message: "no" } }],
      [{ error: { code: 2000, message: "no" } }],
      [{ error: { code: 400.5, message: "no" } }],
      [{ error: { code: 400, message: "" } }],
      [{ error: { code: 400 } }],
      [{ error: null }],
      [{ disconnect: { code: 3999, reason: "no" } }],
      [{ disconnect: { code: 5000, reason: "no" } }],
      [{ disconnect: { code: 4000, reason: "" } }],
      [{ disconnect: { code: 4000, reason: "true" } }],
      [{ disconnect: { code: 4000, reason: '{"reconnect":true}' } }],
      [{ disconnect: { code: 4000, reason: "é".repeat(62) } }],
    ])("CONF-10: %j is the hook's failure, and error 100", async (value) => {
      expect(await ask(value)).toEqual({ kind: "error", error: ERRORS.internal, failure: value });
    });
  });

  test.each([new Error("secret"), "secret", 5, undefined, null])(
    "CONF-10: throwing %s is error 100",
    async (value) => {
      const outcome = await thrown(value);
      expect(outcome).toMatchObject({ kind: "error", error: ERRORS.internal });
      expect(outcome.kind === "error" && outcome.failure).toBeTruthy();
    },
  );

  test.each([true, "yes", 0])("CONF-10: %j is no result", async (value) => {
    expect(await answer(value)).toMatchObject({ kind: "error", error: ERRORS.internal });
  });
});
