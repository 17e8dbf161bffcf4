import { expect, test } from "vitest";
import type { Payload } from "../../src/rooms/handler.ts";
import { TestRoom } from "./test-room.ts";

const MESSAGES: readonly [string, Payload][] = [
  ["empty text", ""],
  ["empty binary", new ArrayBuffer(0)],
  ["text of several bytes a character", "Grüße 🦉"],
  ["text that looks like JSON", '{"id":1}'],
  ["a NUL in text", "a\0b"],
  ["every byte", Uint8Array.from({ length: 256 }, (_, byte) => byte)],
  ["70,000 characters", "x".repeat(70_000)],
];

function received(payload: Payload): string | ArrayBuffer {
  return ArrayBuffer.isView(payload) ? payload.buffer : payload;
}

test.each(MESSAGES)("ROOM-03: echo answers %s with itself", async (_, payload) => {
  const client = await new TestRoom("echo").connect();
  client.send(payload);
  expect(await client.next()).toEqual(received(payload));
});

test("ROOM-03: echo answers many messages in order, also across sleep", async () => {
  const room = new TestRoom("echo");
  const client = await room.connect();
  const numbers = Array.from({ length: 200 }, (_, number) => String(number));
  client.send(...numbers);
  expect(await client.take(200)).toEqual(numbers);
  await room.sleep();
  client.send(...numbers);
  expect(await client.take(200)).toEqual(numbers);
});

test.each(MESSAGES)("ROOM-04: broadcast passes %s to everybody else", async (_, payload) => {
  const room = new TestRoom("broadcast");
  const [sender, ...others] = await Promise.all([room.connect(), room.connect(), room.connect()]);
  sender.send(payload);
  for (const other of others) expect(await other.next()).toEqual(received(payload));
  others[0]?.send("back");
  expect(await sender.next()).toBe("back");
});

test("ROOM-04: broadcast still reaches everybody else after sleep", async () => {
  const room = new TestRoom("broadcast");
  const [one, other] = [await room.connect(), await room.connect()];
  await room.sleep();
  one.send("awake?");
  expect(await other.next()).toBe("awake?");
  other.send("awake");
  expect(await one.next()).toBe("awake");
});

test("ROOM-05: a client gets nothing that the handler did not send", async () => {
  const room = new TestRoom({
    idleTimeout: 60,
    tickInterval: 60_000,
    tick() {},
    open: (ws) => ws.subscribe("news"),
    message(ws, message) {
      if (message === "speak") ws.send("spoken");
    },
  });
  const client = await room.connect();
  client.send("silence", "more silence");
  await room.runAlarm();
  await room.sleep();
  client.send("speak");
  expect(await client.next()).toBe("spoken");
  expect(await client.close(1000)).toEqual({ code: 1000, reason: "" });
  expect(client.unread).toEqual([]);
});
