import { expect, test } from "vitest";
import { debtLimit, decideDebt } from "../../src/sessions/output-backlog.ts";
import { SESSION_LIMITS } from "../../src/shared/limits.ts";

test("WIRE-74: where the runtime tells what waits, only that decides", () => {
  expect(decideDebt(100, 1_000_000_000, 100)).toBe("send");
  expect(decideDebt(101, 0, 100)).toBe("close");
});

test("WIRE-74: where it does not tell, much without a sign of life asks for one, and very much closes", () => {
  expect(decideDebt(undefined, 100, 100)).toBe("send");
  expect(decideDebt(undefined, 101, 100)).toBe("probe");
  expect(decideDebt(undefined, SESSION_LIMITS.silentDebt, 100)).toBe("probe");
  expect(decideDebt(undefined, SESSION_LIMITS.silentDebt + 1, 100)).toBe("close");
  const large = 2 * SESSION_LIMITS.silentDebt;
  expect(decideDebt(undefined, large, large)).toBe("send");
});

test("WIRE-76: replies may wait beside queueSize, whatever their bytes, up to a bound", () => {
  expect(debtLimit(100, 0)).toBe(100);
  expect(debtLimit(100, 1_000)).toBe(3_100);
  expect(debtLimit(100, 10 * SESSION_LIMITS.outputLength)).toBe(debtLimit(100, SESSION_LIMITS.outputLength));
});
