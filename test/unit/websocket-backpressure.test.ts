import fc from "fast-check";
import { expect, test } from "vitest";
import { pressureOf } from "../../src/websocket/backpressure.ts";

const bytes = fc.nat({ max: 1_000_000 });

test("LIMIT-05: below half of the limit a message is sent, up to the limit it is queued, then dropped", () => {
  expect(pressureOf(0, 10, 100)).toBe("send");
  expect(pressureOf(40, 10, 100)).toBe("send");
  expect(pressureOf(41, 10, 100)).toBe("send under pressure");
  expect(pressureOf(99, 1_000, 100)).toBe("send under pressure");
  expect(pressureOf(100, 0, 100)).toBe("drop");
});

test("LIMIT-05: an empty queue takes a message of any size", () => {
  fc.assert(fc.property(bytes, (size) => pressureOf(0, size, 1) === "send"));
});

test("LIMIT-05: where the runtime does not tell, everything is sent", () => {
  fc.assert(fc.property(bytes, bytes, (size, limit) => pressureOf(undefined, size, limit) === "send"));
});

test("LIMIT-05: a message is dropped exactly when the limit is reached", () => {
  fc.assert(
    fc.property(bytes, bytes, fc.integer({ min: 1, max: 1_000_000 }), (buffered, size, limit) => {
      return (pressureOf(buffered, size, limit) === "drop") === buffered >= limit;
    }),
  );
});
