import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { redraw } from "../../src/client/redraw.ts";

const FRAME_MS = 16;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", (draw: () => void) => setTimeout(draw, FRAME_MS));
});

afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("PAGE-46: however often parts change, each is drawn once, one in a frame, with a pause between two", () => {
  const drawn: [string, number][] = [];
  const parts = ["a", "b", "c"].map((name) => () => {
    drawn.push([name, performance.now()]);
  });
  for (let change = 0; change < 100; change += 1) for (const part of parts) redraw(part);
  vi.runAllTimers();
  expect(drawn.map(([name]) => name)).toEqual(["a", "b", "c"]);
  const times = drawn.map(([, time]) => time);
  for (const [index, time] of times.slice(1).entries()) {
    expect(time - (times[index] ?? 0)).toBeGreaterThan(FRAME_MS);
  }
});

test("PAGE-46: a part that has more to draw has its next turn behind the others", () => {
  const drawn: string[] = [];
  const long = () => {
    drawn.push("long");
    if (drawn.length < 4) redraw(long);
  };
  const short = () => {
    drawn.push("short");
  };
  redraw(long);
  redraw(short);
  vi.runAllTimers();
  expect(drawn).toEqual(["long", "short", "long", "long"]);
});

test("PAGE-46: a part that cannot be drawn keeps no other from it", () => {
  const short = vi.fn();
  redraw(() => {
    throw new Error("broken");
  });
  redraw(short);
  expect(() => vi.runAllTimers()).toThrow("broken");
  vi.runAllTimers();
  expect(short).toHaveBeenCalledOnce();
});
