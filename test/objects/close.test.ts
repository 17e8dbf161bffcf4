import { expect, test } from "vitest";
import { ROOM_CLOSES } from "../../src/shared/codes.ts";
import { captureErrors } from "../support/log.ts";
import { until } from "../support/until.ts";
import { TestRoom } from "./test-room.ts";

/** A room that writes down each close that its handler hears of. */
function watchedRoom() {
  const heard: [number, string][] = [];
  const room = new TestRoom({
    message(ws, message) {
      if (message === "close") ws.close(4002, "asked for");
      else if (message === "close without a code") ws.close();
      else ws.send(message);
    },
    close: (_ws, code, reason) => void heard.push([code, reason]),
  });
  return { room, heard };
}

test.each([
  [1000, ""],
  [1000, "done"],
  [1001, "going away"],
  [3000, "ok"],
  [3999, "x".repeat(123)],
  [4000, "Grüße 🦉"],
  [4999, ""],
])("CLOSE-01 CLOSE-02: a close with %i %j is answered with itself, and heard once", async (code, reason) => {
  const { room, heard } = watchedRoom();
  const client = await room.connect();
  expect(await client.close(code, reason)).toEqual({ code, reason });
  await room.untilEmpty();
  expect(heard).toEqual([[code, reason]]);
});

test("CLOSE-01 CLOSE-02: a close without a code is answered without one", async () => {
  const { room, heard } = watchedRoom();
  const client = await room.connect();
  expect((await client.close()).code).toBe(1005);
  await room.untilEmpty();
  expect(heard).toEqual([[1005, ""]]);
});

test("CLOSE-01: a code that nobody may send is answered with 1002", async () => {
  const client = await watchedRoom().room.connect();
  expect((await client.close(2000, "reserved")).code).toBe(ROOM_CLOSES.protocol.code);
});

test("CLOSE-01: a reason that was broken UTF-8 is answered with 1007", async () => {
  const client = await watchedRoom().room.connect();
  expect((await client.close(1000, "broken \uFFFD")).code).toBe(ROOM_CLOSES.invalidText.code);
});

test("CLOSE-01 CLOSE-02: a sleeping room wakes to answer a close", async () => {
  const { room, heard } = watchedRoom();
  const [one, other] = [await room.connect(), await room.connect()];
  await room.sleep();
  expect(await one.close(4000, "bye")).toEqual({ code: 4000, reason: "bye" });
  await until(() => heard.length > 0);
  await room.sleep();
  other.send("still here");
  expect(await other.next()).toBe("still here");
  expect(heard).toEqual([[4000, "bye"]]);
});

test("CLOSE-02: a client that vanished is heard of once, with 1006, and its half-open connection is closed", async () => {
  const { room, heard } = watchedRoom();
  const client = await room.connect();
  await room.reportVanished();
  await client.closed;
  await room.untilEmpty();
  expect(heard).toEqual([[1006, ""]]);
});

test("CLOSE-03: the room closes with a code and a reason, and hears of it once", async () => {
  const { room, heard } = watchedRoom();
  const client = await room.connect();
  client.send("close");
  expect(await client.closed).toEqual({ code: 4002, reason: "asked for" });
  await room.untilEmpty();
  expect(heard).toHaveLength(1);
});

test("CLOSE-03: the room closes without a code", async () => {
  const { room, heard } = watchedRoom();
  const client = await room.connect();
  client.send("close without a code");
  expect((await client.closed).code).toBe(1005);
  await room.untilEmpty();
  expect(heard).toHaveLength(1);
});

test("CLOSE-03: a socket that is closed while it opens was connected first", async () => {
  const heard: number[] = [];
  const room = new TestRoom({
    open(ws) {
      ws.send("sorry");
      ws.close(4003, "not today");
      ws.close(4004, "again");
    },
    message() {},
    close: (_ws, code) => void heard.push(code),
  });
  const client = await room.connect();
  expect(await client.next()).toBe("sorry");
  expect(await client.closed).toEqual({ code: 4003, reason: "not today" });
  await room.untilEmpty();
  expect(heard).toHaveLength(1);
});

test("CLOSE-04: a socket that is closed sends and reaches nothing", async () => {
  const results: unknown[] = [];
  const room = new TestRoom({
    open: (ws) => ws.subscribe("all"),
    message(ws, _message, { sockets }) {
      ws.close(4000);
      ws.subscribe("late");
      results.push(ws.send("after"), ws.readyState, ws.isSubscribed("late"), [...sockets].length);
    },
    close: (ws, _code, _reason, room) =>
      void results.push(ws.send("last words"), room.publish("all", "x"), ws.subscriptions),
  });
  const client = await room.connect();
  client.send("go");
  expect((await client.closed).code).toBe(4000);
  await room.untilEmpty();
  expect(results).toEqual([0, 2, false, 1, 0, 0, ["all"]]);
  expect(client.unread).toEqual([]);
});

test("CLOSE-05: who hands the client's code on in close, when there is nobody left to tell, fails at nothing", async () => {
  const errors = captureErrors();
  const room = new TestRoom({ message() {}, close: (ws, code, reason) => ws.close(code, reason) });
  await (await room.connect()).close(1001, "going away");
  await room.untilEmpty();
  expect(errors()).toEqual([]);
});

test.each([
  ["a code that nobody may send", 1006, ""],
  ["a code that the runtime lets through and no client takes", 2000, ""],
  ["a code that is the gateway's", 1012, ""],
  ["a reason of 124 bytes", 4000, "x".repeat(124)],
])("CLOSE-05: to close with %s fails in the handler", async (_, code, reason) => {
  const errors = captureErrors();
  const room = new TestRoom({ message: (ws) => ws.close(code, reason) });
  const client = await room.connect();
  client.send("close");
  expect((await client.closed).code).toBe(ROOM_CLOSES.handlerFailed.code);
  expect(errors()).toMatchObject([{ in: "message" }]);
});
