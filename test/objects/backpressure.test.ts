import { expect, test } from "vitest";
import type { RoomOptions } from "../../src/rooms/handler.ts";
import { ROOM_CLOSES } from "../../src/shared/codes.ts";
import { ROOM_LIMITS } from "../../src/shared/limits.ts";
import { TestRoom } from "./test-room.ts";

/** A room whose only socket has so many bytes waiting, as a runtime with `WebSocket.bufferedAmount` would tell. */
async function roomWithWaiting(bytes: number, options: RoomOptions = {}) {
  const results: number[] = [];
  const room = new TestRoom({
    ...options,
    message: (ws, message) => void results.push(ws.send(message)),
  });
  const client = await room.connect();
  await room.inside((state) => {
    const [raw] = state.getWebSockets();
    if (raw) Object.defineProperty(raw, "bufferedAmount", { value: bytes, configurable: true });
  });
  return { room, client, results };
}

test("ROOM-10: send returns the bytes of the message", async () => {
  const results: number[] = [];
  const room = new TestRoom({
    message(ws) {
      const bytes = new Uint8Array([1, 2, 3, 4]);
      for (const payload of ["", "Grüße", bytes, bytes.buffer, bytes.subarray(1, 3)])
        results.push(ws.send(payload));
    },
  });
  const client = await room.connect();
  client.send("go");
  const whole = new Uint8Array([1, 2, 3, 4]).buffer;
  expect(await client.take(5)).toEqual(["", "Grüße", whole, whole, new Uint8Array([2, 3]).buffer]);
  expect(results).toEqual([1, 7, 4, 4, 2]);
});

test("LIMIT-05: a runtime that does not tell what is waiting lets everything through", async () => {
  const { client, results } = await roomWithWaiting(0, { backpressureLimit: 1 });
  client.send("x".repeat(100));
  await client.next();
  expect(results).toEqual([100]);
});

test("LIMIT-05: send returns -1 for what is queued under pressure", async () => {
  const { client, results } = await roomWithWaiting(ROOM_LIMITS.backpressureLimit - 1);
  client.send("queued");
  expect(await client.next()).toBe("queued");
  expect(results).toEqual([-1]);
});

test("LIMIT-05: send returns 0 for what is dropped, and the socket stays open", async () => {
  const { room, client, results } = await roomWithWaiting(ROOM_LIMITS.backpressureLimit);
  client.send("dropped");
  await expect.poll(() => results).toEqual([0]);
  await room.sleep();
  client.send("the queue is empty again");
  expect(await client.next()).toBe("the queue is empty again");
});

test("LIMIT-05: closeOnBackpressureLimit closes with 1013 instead", async () => {
  const { client, results } = await roomWithWaiting(1_000, {
    backpressureLimit: 1_000,
    closeOnBackpressureLimit: true,
  });
  client.send("too much");
  expect(await client.closed).toEqual({
    code: ROOM_CLOSES.backpressure.code,
    reason: ROOM_CLOSES.backpressure.reason,
  });
  expect(results).toEqual([0]);
  expect(client.unread).toEqual([]);
});
