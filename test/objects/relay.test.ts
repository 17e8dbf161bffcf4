import { expect, onTestFinished, test } from "vitest";
import { lineWriter } from "../../src/protocol/http/bidirectional.ts";
import { NDJSON } from "../../src/protocol/http/writer.ts";
import { Relay } from "../../src/relay/relay.ts";
import { Relays } from "../../src/relay/relays.ts";
import { HTTP_STREAM_LIMITS } from "../../src/shared/limits.ts";
import { stopTimers } from "../support/timers.ts";
import { until } from "../support/until.ts";

const MiB = 1_048_576;
const FRAME = "x".repeat(MiB / 4);

/** A relay, and the end of its socket that an object would have. */
function relayIn(relays: Relays, mostWaiting = 13 * MiB) {
  const { 0: worker, 1: object } = new WebSocketPair();
  const closes: number[] = [];
  object.accept();
  object.addEventListener("close", ({ code }) => void closes.push(code));
  const writer = lineWriter(NDJSON);
  const relay = new Relay(worker, { writer, relays, queueSize: MiB, mostWaiting, silence: undefined });
  onTestFinished(() => {
    object.close(1000);
  });
  return { relay, object, closes };
}

test("HTTP-09: where all streams together hold too much, those with more than their share are cut, and no others", async () => {
  const relays = new Relays();
  const few = Array.from({ length: 20 }, () => relayIn(relays));
  const many = relayIn(relays);
  for (const { object } of few) for (let count = 0; count < 4; count += 1) object.send(FRAME);
  await until(() => few.every(({ relay }) => relay.bufferedAmount > MiB));
  const frames = (HTTP_STREAM_LIMITS.backpressure - 20 * MiB) / (MiB / 4);
  for (let count = 0; count < 2 * frames && many.closes.length === 0; count += 1) many.object.send(FRAME);
  await until(() => many.closes.length > 0);
  expect([many.closes, many.relay.bufferedAmount]).toEqual([[3008], 0]);
  expect(few.flatMap(({ closes }) => closes)).toEqual([]);
});

test("HTTP-09: what the client has not taken when its object closes counts for a while, and is then dropped", async () => {
  const endTimers = stopTimers();
  const relays = new Relays();
  const [ended, other] = [relayIn(relays, 64 * MiB), relayIn(relays, 64 * MiB)];
  for (let count = 0; count < 80; count += 1) ended.object.send(FRAME);
  ended.object.close(3500, "invalid token");
  await until(() => ended.closes.length > 0);
  const { bufferedAmount } = ended.relay;
  expect(bufferedAmount).toBeGreaterThan(20 * MiB);
  for (let count = 0; count < 60; count += 1) other.object.send(FRAME);
  await until(() => other.relay.bufferedAmount > 15 * MiB);
  expect(relays.backpressure.limitOf(64 * MiB)).toBe(HTTP_STREAM_LIMITS.backpressure / 2);
  endTimers();
  await until(() => ended.relay.bufferedAmount === 0);
  expect(await new Response(ended.relay.body).text()).toBe("");
});

test("HTTP-09: what the runtime has been given waits until it wants more", async () => {
  const { relay, object } = relayIn(new Relays());
  const reader = relay.body.getReader();
  const first = reader.read();
  object.send(FRAME);
  await first;
  expect(relay.bufferedAmount).toBeGreaterThan(FRAME.length);
  const second = reader.read();
  expect(relay.bufferedAmount).toBe(0);
  await reader.cancel();
  await second;
});

test("HTTP-25: a stream ends with 3001 after as many frames as an invocation has time for", async () => {
  const { relay, object, closes } = relayIn(new Relays(), Number.POSITIVE_INFINITY);
  const reading = new Response(relay.body).arrayBuffer();
  for (let count = 0; count < HTTP_STREAM_LIMITS.frames; count += 1) object.send("1");
  const text = new TextDecoder().decode(await reading);
  expect(text.startsWith("1\n1\n")).toBe(true);
  const end = '{"push":{"disconnect":{"code":3001,"reason":"shutdown"}}}\n';
  expect(text.slice(-end.length)).toBe(end);
  expect(text.length - end.length).toBe(2 * HTTP_STREAM_LIMITS.frames);
  await until(() => closes.length > 0);
  expect(closes).toEqual([3001]);
});
