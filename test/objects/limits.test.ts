import { expect, test } from "vitest";
import type { RoomHandler } from "../../src/rooms/handler.ts";
import { ROOM_CLOSES } from "../../src/shared/codes.ts";
import { ROOM_LIMITS } from "../../src/shared/limits.ts";
import { stopClock } from "../support/clock.ts";
import { captureErrors } from "../support/log.ts";
import { accept } from "./client.ts";
import { TestRoom } from "./test-room.ts";

const answering: RoomHandler = { message: (ws, message) => ws.send(message) };
const measuring: RoomHandler = {
  message: (ws, message) =>
    ws.send(String(typeof message === "string" ? message.length : message.byteLength)),
};

test("LIMIT-02: one socket more than a room holds is refused with 503", async () => {
  const room = new TestRoom({ ...answering, maxSockets: 2 });
  const [first] = [await room.connect(), await room.connect()];
  const refusal = await room.handshake();
  expect([refusal.status, refusal.headers.get("Retry-After")]).toEqual([503, String(ROOM_LIMITS.retryAfter)]);
  expect(await refusal.json()).toMatchObject({ error: { code: "room_full" } });
  await room.sleep();
  expect((await room.handshake()).status).toBe(503);
  await first.close(1000);
  await expect.poll(() => room.sockets()).toBe(1);
  await room.connect();
});

test("LIMIT-02: of many who come at once, no more get in than fit", async () => {
  const room = new TestRoom({ ...answering, maxSockets: 3, upgrade: () => scheduler.wait(5) });
  const answers = await Promise.all(Array.from({ length: 8 }, () => room.handshake()));
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([101, 101, 101, 503, 503, 503, 503, 503]);
  expect(await room.sockets()).toBe(3);
  for (const answer of answers) if (answer.webSocket) accept(answer);
});

const oversized = [
  ["text", "x".repeat(10), "x".repeat(11)],
  ["binary", new ArrayBuffer(10), new ArrayBuffer(11)],
  ["text of several bytes a character", "é".repeat(5), "é".repeat(6)],
] as const;

test.each(oversized)("LIMIT-03: %s over maxPayloadLength bytes closes with 1009", async (_, fits, over) => {
  const room = new TestRoom({ ...measuring, maxPayloadLength: 10 });
  const client = await room.connect();
  client.send(fits);
  await client.next();
  client.send(over, "never handled");
  expect(await client.closed).toEqual({
    code: ROOM_CLOSES.tooLarge.code,
    reason: ROOM_CLOSES.tooLarge.reason,
  });
  expect(client.unread).toEqual([]);
});

test("LIMIT-03: by default, a message has 1 MiB", async () => {
  const client = await new TestRoom(measuring).connect();
  client.send("x".repeat(ROOM_LIMITS.maxPayloadLength));
  expect(await client.next()).toBe("1048576");
  client.send("x".repeat(ROOM_LIMITS.maxPayloadLength + 1));
  expect((await client.closed).code).toBe(1009);
});

test("LIMIT-03: a message that is too large closes at once, also behind a slow handler", async () => {
  const { promise: never, resolve } = Promise.withResolvers<void>();
  const room = new TestRoom({ maxPayloadLength: 10, message: () => never });
  const client = await room.connect();
  client.send("slow", "x".repeat(11));
  expect((await client.closed).code).toBe(1009);
  resolve();
});

test("LIMIT-04: echo takes whatever the runtime delivers, and no more", async () => {
  const client = await new TestRoom("echo").connect();
  client.send(new ArrayBuffer(ROOM_LIMITS.runtimePayloadLength + 1));
  expect((await client.closed).code).toBe(1009);
});

test("LIMIT-06: a client may send messageBurst messages at once, and messagesPerSecond after that", async () => {
  const clock = stopClock();
  const client = await new TestRoom(answering).connect();
  const { messageBurst, messagesPerSecond } = ROOM_LIMITS;
  const messages = Array.from({ length: messageBurst }, () => "x");
  client.send(...messages);
  await client.take(messageBurst);
  clock.advance(1_000);
  client.send(...messages.slice(0, messagesPerSecond));
  await client.take(messagesPerSecond);
  client.send("one too many");
  expect(await client.closed).toEqual({ code: ROOM_CLOSES.rate.code, reason: ROOM_CLOSES.rate.reason });
  expect(client.unread).toEqual([]);
});

test("LIMIT-15: a client may send byteBurst bytes at once, and bytesPerSecond after that", async () => {
  const clock = stopClock();
  const { byteBurst, bytesPerSecond, maxPayloadLength } = ROOM_LIMITS;
  const client = await new TestRoom({ message: (ws) => ws.send("heard") }).connect();
  const most = new Uint8Array(maxPayloadLength);
  const count = byteBurst / maxPayloadLength;
  client.send(...Array.from({ length: count }, () => most));
  await client.take(count);
  clock.advance(1_000);
  client.send("x".repeat(bytesPerSecond));
  expect(await client.next()).toBe("heard");
  client.send("x");
  expect(await client.closed).toEqual({ code: 1008, reason: ROOM_CLOSES.byteRate.reason });
});

test("LIMIT-15: a kind that takes longer messages has a burst that lets them pass", async () => {
  const room = new TestRoom({ ...answering, maxPayloadLength: ROOM_LIMITS.runtimePayloadLength });
  const client = await room.connect();
  client.send("x".repeat(ROOM_LIMITS.byteBurst + 1));
  expect(await client.next()).toHaveLength(ROOM_LIMITS.byteBurst + 1);
});

test("LIMIT-06 SLEEP-04: a rate limit counts one socket, and begins anew after sleep", async () => {
  stopClock();
  const room = new TestRoom({ ...answering, rateLimit: { perSecond: 1, burst: 2 } });
  const [one, other] = [await room.connect(), await room.connect()];
  one.send("1", "2");
  expect(await one.take(2)).toEqual(["1", "2"]);
  other.send("a", "b");
  expect(await other.take(2)).toEqual(["a", "b"]);
  await room.sleep();
  one.send("3", "4");
  expect(await one.take(2)).toEqual(["3", "4"]);
  one.send("5");
  expect((await one.closed).code).toBe(1008);
});

test.each<[string, string[]]>([
  ["LIMIT-07: more than pendingMessages", Array.from({ length: ROOM_LIMITS.pendingMessages + 1 }, () => "x")],
  [
    "LIMIT-08: more than pendingBytes",
    Array.from({ length: 6 }, () => "x".repeat(ROOM_LIMITS.maxPayloadLength)),
  ],
])("%s waiting for a slow handler close with 1013", async (_, messages) => {
  const { promise: blocked, resolve: unblock } = Promise.withResolvers<void>();
  let handled = 0;
  const room = new TestRoom({
    async message() {
      handled += 1;
      await blocked;
    },
  });
  const client = await room.connect();
  client.send(...messages);
  expect(await client.closed).toEqual({
    code: ROOM_CLOSES.overloaded.code,
    reason: ROOM_CLOSES.overloaded.reason,
  });
  unblock();
  await room.untilEmpty();
  expect(handled).toBe(1);
});

test("LIMIT-07 LIMIT-08: as many messages as may wait are all handled", async () => {
  const { promise: blocked, resolve: unblock } = Promise.withResolvers<void>();
  const room = new TestRoom({
    async message(ws, message) {
      await blocked;
      ws.send(message);
    },
  });
  const client = await room.connect();
  const messages = Array.from({ length: ROOM_LIMITS.pendingMessages }, (_, number) => String(number));
  client.send(...messages);
  await room.sockets();
  unblock();
  expect(await client.take(messages.length)).toEqual(messages);
});

/** Subscribes to whatever it is told, and answers with how many topics that makes. */
const subscribing: RoomHandler = {
  message(ws, message) {
    for (const topic of JSON.parse(String(message)) as string[]) ws.subscribe(topic);
    ws.send(String(ws.subscriptions.length));
  },
};

test("LIMIT-09: a socket has at most 100 topics", async () => {
  const errors = captureErrors();
  const client = await new TestRoom(subscribing).connect();
  const topics = Array.from({ length: ROOM_LIMITS.topics }, (_, number) => `topic ${number}`);
  client.send(JSON.stringify(topics));
  expect(await client.next()).toBe("100");
  client.send(JSON.stringify(["one more"]));
  expect((await client.closed).code).toBe(1011);
  expect(errors()).toMatchObject([{ message: "a socket has at most 100 topics" }]);
});

test("LIMIT-10: a topic has 1 to 128 characters", async () => {
  const errors = captureErrors();
  for (const topic of ["", "x".repeat(ROOM_LIMITS.topicLength + 1)]) {
    const client = await new TestRoom(subscribing).connect();
    client.send(JSON.stringify(["x".repeat(ROOM_LIMITS.topicLength)]));
    expect(await client.next()).toBe("1");
    client.send(JSON.stringify([topic]));
    expect((await client.closed).code).toBe(1011);
  }
  expect(errors()).toMatchObject([{ in: "message" }, { in: "message" }]);
});

test("LIMIT-12: data and topics have 16,384 bytes together", async () => {
  captureErrors();
  const room = new TestRoom({ ...subscribing, upgrade: () => "x".repeat(ROOM_LIMITS.attachment - 500) });
  const client = await room.connect();
  client.send(JSON.stringify(["a"]));
  expect(await client.next()).toBe("1");
  client.send(JSON.stringify(Array.from({ length: 4 }, (_, number) => String(number).repeat(128))));
  expect((await client.closed).code).toBe(1011);
});
