import { expect, test } from "vitest";
import { TestRoom } from "./test-room.ts";

/** What `slice` leaves of an emoji in the middle. */
const HALF = "\ud83d";

/** Says whatever a handler may say with a text that was cut in the middle of an emoji. */
const cutter = () =>
  new TestRoom({
    open: (ws) => ws.subscribe("all"),
    message(ws, message, room) {
      if (message === "send") ws.send(`sent ${HALF}`);
      if (message === "publish") ws.publish("all", `published ${HALF}`);
      if (message === "publish to all") room.publish("all", `for all ${HALF}`);
      if (message === "close") ws.close(4000, `closed ${HALF}`);
    },
  });

test("ROOM-18: half of a surrogate pair is sent as U+FFFD, and nobody loses the connection for it", async () => {
  const room = cutter();
  const [one, other] = [await room.connect(), await room.connect()];
  one.send("send", "publish", "publish to all");
  expect(await one.take(2)).toEqual(["sent \uFFFD", "for all \uFFFD"]);
  expect(await other.take(2)).toEqual(["published \uFFFD", "for all \uFFFD"]);
});

test("ROOM-18: half of a surrogate pair in a reason is sent as U+FFFD", async () => {
  const client = await cutter().connect();
  client.send("close");
  expect(await client.closed).toEqual({ code: 4000, reason: "closed \uFFFD" });
});
