import { expect, test } from "vitest";
import { readFrame } from "../../src/client/channels/protocol-frame.ts";
import { ReplyTimes } from "../../src/client/channels/reply-times.ts";
import { MessageRate } from "../../src/client/message-rate.ts";

test("PAGE-45: messages of the last two seconds count, and no others", () => {
  const rate = new MessageRate();
  expect(rate.perSecond(50)).toBe(0);
  for (let now = 1_000; now < 5_000; now += 10) rate.add(1, now);
  expect(rate.perSecond(4_999)).toBe(100);
  expect(rate.perSecond(5_999)).toBe(50);
  expect(rate.perSecond(60_000)).toBe(0);
  rate.add(4, 60_100);
  expect(rate.perSecond(60_200)).toBe(2);
});

test("PAGE-45: a command and its reply make a round trip, once", () => {
  const times = new ReplyTimes();
  const read = (direction: "sent" | "received", frame: string, now: number) =>
    readFrame(direction, frame).map((line) => times.read(direction, line, now));
  expect(read("sent", '{"id":1,"publish":{}}\n{"id":2,"history":{}}', 100)).toEqual([undefined, undefined]);
  expect(read("received", '{"id":2,"history":{}}\n{"push":{"pub":{}}}', 107)).toEqual([7, undefined]);
  expect(read("received", '{"id":2,"history":{}}', 109)).toEqual([undefined]);
  times.reset();
  expect(read("received", '{"id":1,"publish":{}}', 120)).toEqual([undefined]);
});
