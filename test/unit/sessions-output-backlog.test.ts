import { expect, test } from "vitest";
import { decideOutputBacklog, outputBacklogLimit } from "../../src/sessions/output-backlog.ts";
import { SESSION_LIMITS } from "../../src/shared/limits.ts";

test("WIRE-74: where the runtime tells what waits, only that decides", () => {
  expect(decideOutputBacklog(100, 1_000_000_000, 100)).toBe("send");
  expect(decideOutputBacklog(101, 0, 100)).toBe("close");
});

test("WIRE-74: where it does not tell, much without a sign of life asks for one, and very much closes", () => {
  expect(decideOutputBacklog(undefined, 100, 100)).toBe("send");
  expect(decideOutputBacklog(undefined, 101, 100)).toBe("probe");
  expect(decideOutputBacklog(undefined, SESSION_LIMITS.silentOutputBacklog, 100)).toBe("probe");
  expect(decideOutputBacklog(undefined, SESSION_LIMITS.silentOutputBacklog + 1, 100)).toBe("close");
  const large = 2 * SESSION_LIMITS.silentOutputBacklog;
  expect(decideOutputBacklog(undefined, large, large)).toBe("send");
});

test("WIRE-76: replies may wait beside queueSize, whatever their bytes, up to a bound", () => {
  expect(outputBacklogLimit(100, 0)).toBe(100);
  expect(outputBacklogLimit(100, 1_000)).toBe(3_100);
  expect(outputBacklogLimit(100, 10 * SESSION_LIMITS.outputLength)).toBe(
    outputBacklogLimit(100, SESSION_LIMITS.outputLength),
  );
});
