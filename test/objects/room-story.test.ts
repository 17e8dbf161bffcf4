import { expect, test } from "vitest";
import { captureErrors, captureLines } from "../support/log.ts";
import { TestRoom } from "./test-room.ts";

test("REC-07: the story of a room's socket has its messages by size, what it was sent by number, and what failed", async () => {
  captureErrors();
  const lines = captureLines();
  const room = new TestRoom({
    message(socket, message) {
      if (message === "break") throw new Error("broken");
      socket.send(message);
      socket.send(message);
    },
  });
  const client = await room.connect();
  client.send("secret");
  await client.next();
  await client.next();
  client.send("break");
  expect(await client.closed).toMatchObject({ code: 1011 });
  const stories = lines().filter(({ event }) => event === "room.socket_story");
  expect(stories).toMatchObject([
    {
      kind: room.kind,
      connection: expect.any(String),
      code: 1011,
      since: "open",
      events: [
        { event: "open" },
        { event: "message", size: 6 },
        { event: "message", size: 5, pushes: 2 },
        { event: "failure", in: "message" },
        { event: "close", code: 1011 },
      ],
    },
  ]);
  expect(JSON.stringify(stories)).not.toContain("secret");
});

test("REC-07: after sleep, the story of a room's socket says so; one that just leaves has none", async () => {
  const lines = captureLines();
  captureErrors();
  const room = new TestRoom({
    message() {
      throw new Error("broken");
    },
  });
  const [leaving, failing] = [await room.connect(), await room.connect()];
  await leaving.close(1000);
  await room.sleep();
  failing.send("x");
  await failing.closed;
  expect(lines().filter(({ event }) => event === "room.socket_story")).toMatchObject([
    {
      code: 1011,
      since: "woke",
      events: [{ event: "message", size: 1 }, { event: "failure" }, { event: "close" }],
    },
  ]);
});
