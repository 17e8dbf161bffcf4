import { expect, test } from "vitest";
import type { RoomHandler } from "../../src/rooms/handler.ts";
import { captureErrors } from "../support/log.ts";
import type { Client } from "./client.ts";
import { TestRoom } from "./test-room.ts";

class Visitor {
  name = "ada";
  greet() {
    return "hello";
  }
}

const ask = async (client: Client, question: string) => {
  client.send(question);
  return JSON.parse(String(await client.next())) as unknown;
};

const visiting: RoomHandler<Visitor> = {
  upgrade: () => new Visitor(),
  message(ws, message) {
    if (message === "replace") ws.data = Object.assign(new Visitor(), { name: "grace" });
    ws.send(JSON.stringify([ws.data.name, typeof ws.data.greet]));
  },
};

test("SLEEP-09: data is what sleep would leave of it from the first event on", async () => {
  const room = new TestRoom(visiting);
  const client = await room.connect();
  expect(await ask(client, "?")).toEqual(["ada", "undefined"]);
  expect(await ask(client, "replace")).toEqual(["grace", "undefined"]);
  await room.sleep();
  expect(await ask(client, "?")).toEqual(["grace", "undefined"]);
});

test("SLEEP-09: data that cannot be kept fails where it is set, and costs its own socket 1011", async () => {
  const log = captureErrors();
  const room = new TestRoom({
    message(ws) {
      ws.data = { greet: () => "hello" };
      ws.send("never reached");
    },
  });
  const client = await room.connect();
  client.send("x");
  expect((await client.closed).code).toBe(1011);
  expect(client.unread).toEqual([]);
  expect(log()).toEqual([expect.objectContaining({ event: "room.handler_failed", in: "message" })]);
});

test("SLEEP-10: sockets stand in the order in which they joined, after sleep too, whoever speaks first", async () => {
  let joined = 0;
  const room = new TestRoom({
    upgrade: () => {
      joined += 1;
      return joined;
    },
    message: (ws, _, { sockets }) => ws.send(JSON.stringify([...sockets].map(({ data }) => data))),
  } satisfies RoomHandler);
  const clients = [await room.connect(), await room.connect(), await room.connect(), await room.connect()];
  const [, second, third] = clients as [Client, Client, Client, Client];
  expect(await ask(third, "?")).toEqual([1, 2, 3, 4]);
  await room.sleep();
  expect(await ask(second, "?")).toEqual([1, 2, 3, 4]);
  await room.sleep();
  await room.connect();
  expect(await ask(third, "?")).toEqual([1, 2, 3, 4, 5]);
});
