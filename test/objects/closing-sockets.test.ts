import { expect, test } from "vitest";
import { objectName } from "../../src/rooms/name.ts";
import { stopClock } from "../support/clock.ts";
import { adjustHub, limitRuntime } from "../support/hub-config.ts";
import { until } from "../support/until.ts";
import { accept } from "./client.ts";
import { TestHub } from "./test-hub.ts";
import { TestRoom } from "./test-room.ts";

const closer = {
  open: (ws: { close(code: number): void }) => ws.close(4001),
  message() {},
};

test("ROOM-70: a client that never answers the room's close takes no place", async () => {
  const heard: number[] = [];
  const room = new TestRoom({
    ...closer,
    maxSockets: 1,
    upgrade: (_request, { sockets }) => void heard.push([...sockets].length),
  });
  const mute = [await room.handshake(), await room.handshake()];
  mute.push(await room.handshake());
  expect(mute.map(({ status }) => status)).toEqual([101, 101, 101]);
  expect(await room.sockets()).toBe(3);
  expect(heard).toEqual([0, 0, 0]);
  for (const response of mute) accept(response);
  await room.untilEmpty();
});

test.each([{ idleTimeout: 60 }, { tickInterval: 60_000, tick() {} }])(
  "ROOM-70: a room whose last socket it has closed itself frees its storage and its alarm (%j)",
  async (options) => {
    const room = new TestRoom({
      ...options,
      message(ws, _message, { sockets }) {
        for (const socket of sockets) socket.close(4001);
        ws.close(4001);
      },
    });
    const mute = await room.handshake();
    const client = await room.connect();
    expect(await room.alarm()).not.toBeNull();
    client.send("close everybody");
    await client.closed;
    expect(await room.alarm()).toBeNull();
    expect(await room.sockets()).toBeGreaterThan(0);
    accept(mute);
  },
);

test("ROOM-70: a client that answers late is still told as closed, once", async () => {
  const heard: number[] = [];
  const room = new TestRoom({ ...closer, close: (_ws, code) => void heard.push(code) });
  const mute = await room.handshake();
  expect(heard).toEqual([]);
  accept(mute);
  await room.untilEmpty();
  expect(heard).toEqual([4001]);
});

test("ROOM-71: closing sockets count against what the runtime holds: 503, until one of them is gone", async () => {
  const room = new TestRoom(closer);
  limitRuntime(objectName(room.kind, room.name), 2);
  const mute = [await room.handshake(), await room.handshake()];
  expect((await room.handshake()).status).toBe(503);
  for (const response of mute.splice(0, 1)) accept(response);
  await until(async () => (await room.sockets()) === 1);
  mute.push(await room.handshake());
  expect(mute.map(({ status }) => status)).toEqual([101, 101]);
  for (const response of mute) accept(response);
});

/** Longer than a socket may take until it connects, in seconds. */
const STALE = 30;

test("SESS-70: a socket that was closed and never answers counts for nothing", async () => {
  const clock = stopClock();
  const hub = new TestHub();
  adjustHub(hub.name, { capacity: 1 });
  const mute = await hub.handshake();
  await hub.pass(clock, STALE);
  expect([await hub.sockets(), await hub.alarm()]).toEqual([1, null]);
  const client = await hub.connect();
  expect((await hub.handshake()).status).toBe(503);
  expect(await client.ask("rpc").catch(String)).toContain("108");
  accept(mute);
});

test("SESS-71: closing sockets count against what the runtime holds: 503, until one of them is gone", async () => {
  const clock = stopClock();
  const hub = new TestHub();
  limitRuntime(hub.name, 2);
  const mute = [await hub.handshake(), await hub.handshake()];
  await hub.pass(clock, STALE);
  expect((await hub.handshake()).status).toBe(503);
  for (const response of mute.splice(0, 1)) accept(response);
  await until(async () => (await hub.sockets()) === 1);
  const client = await hub.connect();
  expect((await hub.handshake()).status).toBe(503);
  await client.close(1000, "bye");
  await until(async () => (await hub.sockets()) === 1);
  await hub.connect();
  for (const response of mute) accept(response);
});

test("SESS-71: a socket that wakes the hub because it has failed is not counted any longer", async () => {
  const hub = new TestHub();
  limitRuntime(hub.name, 1);
  await hub.connect();
  await hub.sleep();
  await hub.failConnection();
  await hub.connect();
});
