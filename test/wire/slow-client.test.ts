import { describe, expect, test } from "vitest";
import { ROOM_LIMITS, SESSION_LIMITS } from "../../src/shared/limits.ts";
import { decodeClose, type Frame, OPCODE } from "../../src/websocket/frame.ts";
import { Talker } from "../support/talker.ts";
import type { TcpPeer } from "../support/tcp.ts";
import { useWire } from "../support/wire.ts";

const WORKER = "test/objects/slow-worker/wrangler.toml";
const wire = useWire({ ENVIRONMENT: "development" }, WORKER);
/** Its clients are pinged every five seconds. */
const pinging = useWire({ ENVIRONMENT: "development", PING_INTERVAL: "5" }, WORKER);

/** How much may be in the buffers of TCP on both sides: what a server has handed over does not wait there any more. */
const TCP_BUFFERS = 16 * 1024 * 1024;
const FILLER = "x".repeat(60_000);
/** A history reply is about as long, and some of them more than TCP holds. */
const HISTORY_LENGTH = 3_900_000;
const QUESTIONS = 4;

const textOf = ({ payload }: Frame) => Buffer.from(payload).toString();

describe("a room's client that stops reading", () => {
  /** Sends numbered messages through a room until `isEnough` of what `send` returned. */
  async function flood(sender: TcpPeer, isEnough: (results: readonly number[]) => boolean) {
    const results: number[] = [];
    while (!isEnough(results)) {
      if (results.length * FILLER.length > TCP_BUFFERS + 4 * ROOM_LIMITS.backpressureLimit)
        throw new Error(`nothing waits after ${results.length} messages`);
      sender.sendText(`${results.length} ${FILLER}`);
      const [result = Number.NaN] = JSON.parse(textOf(await sender.nextFrame())) as number[];
      results.push(result);
    }
    return results;
  }

  const numberOf = (text: string) => Number(text.split(" ")[0]);
  const accepted = (results: readonly number[]) =>
    [...results.keys()].filter((number) => results[number] !== 0);

  test("LIMIT-05 WIRE-72: send tells that much waits, then drops; who reads on has what was accepted, and hears again", async () => {
    const slow = await wire.open("/rooms/meter/drops");
    const sender = await wire.open("/rooms/meter/drops");
    slow.stopReading();
    const results = await flood(
      sender,
      (sent) => sent.slice(-5).every((result) => result === 0) && sent.length > 5,
    );
    const [first = 0] = results;
    expect(first).toBeGreaterThan(FILLER.length);
    expect(results).toContain(-1);
    expect(results.indexOf(-1)).toBeLessThan(results.indexOf(0));
    slow.readOn();
    const received: number[] = [];
    for (const _ of accepted(results)) received.push(numberOf(textOf(await slow.nextFrame())));
    expect(received).toEqual(accepted(results));
    const [again] = await flood(sender, (sent) => sent.length > 0);
    expect(again).toBe(FILLER.length + "0 ".length);
    expect(numberOf(textOf(await slow.nextFrame()))).toBe(0);
  });

  test("LIMIT-05 WIRE-73: with closeOnBackpressureLimit it has what was accepted, and then 1013", async () => {
    const slow = await wire.open("/rooms/strict/closes");
    const sender = await wire.open("/rooms/strict/closes");
    slow.stopReading();
    const results = await flood(sender, (sent) => sent.at(-1) === 0);
    sender.sendText("is anybody there?");
    expect(textOf(await sender.nextFrame())).toBe("[]");
    slow.readOn();
    for (const number of accepted(results)) expect(numberOf(textOf(await slow.nextFrame()))).toBe(number);
    const close = await slow.nextFrame();
    expect([close.opcode, decodeClose(close.payload).code]).toEqual([OPCODE.close, 1013]);
  });
});

test("WIRE-79: what a handler sends at once counts as waiting, though the client takes everything", async () => {
  const client = await wire.open("/rooms/copier/fast");
  const message = `${2 + Math.ceil(ROOM_LIMITS.backpressureLimit / FILLER.length)} ${FILLER}`;
  client.sendText(message);
  const received: string[] = [];
  while (!received.at(-1)?.startsWith("[")) received.push(textOf(await client.nextFrame()));
  const results = JSON.parse(received.pop() ?? "") as number[];
  expect(results[0]).toBe(message.length);
  expect(results.at(-1)).toBe(0);
  expect(received).toHaveLength(results.filter((result) => result !== 0).length);
});

describe.each([
  { where: "at the home", isHome: true },
  { where: "at the edge", isHome: false },
])("a session that stops reading, $where", ({ isHome }) => {
  async function meet() {
    const channel = `keep:${crypto.randomUUID()}`;
    const home = `/connection/websocket?channel=${channel}`;
    const slow = new Talker(await wire.open(isHome ? home : "/connection/websocket"));
    const publisher = new Talker(await wire.open(home));
    for (const client of [slow, publisher]) await client.ask({ connect: {} });
    await slow.ask({ subscribe: { channel } });
    const isThere = async () => {
      const { presence_stats } = await publisher.ask({ presence_stats: { channel } });
      return presence_stats?.num_clients === 1;
    };
    const publish = (data: unknown) => publisher.ask({ publish: { channel, data } });
    return { channel, slow, publish, isThere };
  }

  test("WIRE-74: it is closed with 3008 when more than queueSize waits for it, after what was sent before", async () => {
    const { slow, publish, isThere } = await meet();
    slow.peer.stopReading();
    let published = 0;
    do {
      for (let count = 0; count < 10; count += 1) await publish(FILLER);
      published += 10 * FILLER.length;
    } while ((await isThere()) && published < SESSION_LIMITS.silentOutputBacklog);
    expect(published).toBeLessThan(TCP_BUFFERS + 4 * SESSION_LIMITS.queueSize);
    slow.peer.readOn();
    expect(await slow.untilClosed()).toBe(3008);
    expect(slow.offsets).toEqual(slow.offsets.map((_, index) => index + 1));
  });

  test("WIRE-76: what it asked for does not count, and it stays when it reads on", async () => {
    const { channel, slow, publish, isThere } = await meet();
    for (let count = 0; count < HISTORY_LENGTH / FILLER.length; count += 1) await publish(FILLER);
    while (slow.offsets.length < HISTORY_LENGTH / FILLER.length) await slow.read();
    slow.peer.stopReading();
    const questions: number[] = [];
    for (let count = 0; count < QUESTIONS; count += 1) {
      // One after the other: what waits for one turn is bounded.
      questions.push(slow.tell({ history: { channel, limit: -1 } }));
      await publish("meanwhile");
      expect(await isThere()).toBe(true);
    }
    slow.peer.readOn();
    for (const id of questions) expect(await slow.replyTo(id)).toHaveProperty("history.publications");
    expect(await slow.ask({ presence_stats: { channel } })).toHaveProperty("presence_stats.num_clients", 1);
  });
});

test("WIRE-77: who takes everything and answers no ping is silent, not slow: 3012", async () => {
  const channel = `keep:${crypto.randomUUID()}`;
  const path = `/connection/websocket?channel=${channel}`;
  const [silent, publisher] = [new Talker(await pinging.open(path)), new Talker(await pinging.open(path))];
  for (const client of [silent, publisher]) await client.ask({ connect: {} });
  await silent.ask({ subscribe: { channel } });
  const publishes = Array.from({ length: (2 * SESSION_LIMITS.queueSize) / FILLER.length }, () =>
    publisher.tell({ publish: { channel, data: FILLER } }),
  );
  for (const id of publishes) await publisher.replyTo(id);
  expect(await silent.untilClosed()).toBe(3012);
});
