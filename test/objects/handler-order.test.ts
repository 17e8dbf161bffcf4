import { expect, test } from "vitest";
import { TestRoom } from "./test-room.ts";

/** Promises that a test resolves by hand. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

test("ROOM-11: one socket's messages are handled in order, however long each takes", async () => {
  const room = new TestRoom({
    async message(ws, message) {
      for (let turn = Number(message); turn > 0; turn -= 1) await scheduler.wait(1);
      ws.send(message);
    },
  });
  const client = await room.connect();
  client.send("8", "0", "4", "0", "1");
  expect(await client.take(5)).toEqual(["8", "0", "4", "0", "1"]);
});

test("ROOM-11: open ends before the first message is handled", async () => {
  const slow = gate();
  const room = new TestRoom({
    async open(ws) {
      await slow.opened;
      ws.send("open");
    },
    message: (ws, message) => ws.send(message),
  });
  const client = await room.connect();
  client.send("message");
  await room.sockets();
  slow.open();
  expect(await client.take(2)).toEqual(["open", "message"]);
});

test("ROOM-12: a slow handler holds up nobody else", async () => {
  const slow = gate();
  const room = new TestRoom({
    async message(ws, message) {
      if (message === "slow") await slow.opened;
      ws.send(message);
    },
  });
  const [stuck, free] = [await room.connect(), await room.connect()];
  stuck.send("slow", "after");
  free.send("fast");
  expect(await free.next()).toBe("fast");
  expect(stuck.unread).toEqual([]);
  slow.open();
  expect(await stuck.take(2)).toEqual(["slow", "after"]);
});

test("ROOM-13: what a client sent before it closed is handled, then its close", async () => {
  const slow = gate();
  const handled: unknown[] = [];
  const done = gate();
  const room = new TestRoom({
    async message(_ws, message) {
      await slow.opened;
      handled.push(message);
    },
    close(_ws, code, reason) {
      handled.push([code, reason]);
      done.open();
    },
  });
  const client = await room.connect();
  client.send("first", "second");
  expect(await client.close(4000, "bye")).toEqual({ code: 4000, reason: "bye" });
  slow.open();
  await done.opened;
  expect(handled).toEqual(["first", "second", [4000, "bye"]]);
});

test("ROOM-13: nothing is handled after the room has closed the socket", async () => {
  const handled: unknown[] = [];
  const room = new TestRoom({
    async message(ws, message) {
      handled.push(message);
      await scheduler.wait(1);
      if (message === "stop") ws.close(4001, "stopped");
    },
  });
  const client = await room.connect();
  client.send("go", "stop", "never", "never");
  expect(await client.closed).toEqual({ code: 4001, reason: "stopped" });
  await room.untilEmpty();
  expect(handled).toEqual(["go", "stop"]);
});

test("ROOM-15: what a handler returns is awaited also when it is no Promise", async () => {
  const slow = gate();
  const room = new TestRoom({
    message(ws, message) {
      // biome-ignore lint/suspicious/noThenProperty: the calls of other objects return such values
      return { then: (done: () => void) => void slow.opened.then(() => ws.send(message)).then(done) };
    },
  });
  const client = await room.connect();
  client.send("first", "second");
  await room.sockets();
  expect(client.unread).toEqual([]);
  slow.open();
  expect(await client.take(2)).toEqual(["first", "second"]);
});
