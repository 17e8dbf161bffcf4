import { expect, test } from "vitest";
import { type AcceptOptions, accept } from "../../src/rooms/accept.ts";
import type { RoomHandler } from "../../src/rooms/handler.ts";
import { captureErrors } from "../support/log.ts";
import { TestRoom } from "./test-room.ts";

/** A room that accepts with these options, and tells its tags. */
const accepting = (options: AcceptOptions) =>
  new TestRoom({
    upgrade: () => accept({ name: "ada" }, options),
    message: (ws) => ws.send(JSON.stringify([ws.data, ws.protocol, ws.tags])),
  } satisfies RoomHandler<{ name: string }>);

test("ROOM-19: upgrade accepts with headers, each cookie in its own", async () => {
  const headers = new Headers({ "X-Room": "7" });
  headers.append("Set-Cookie", "one=1; Path=/");
  headers.append("Set-Cookie", "two=2; Path=/");
  const response = await accepting({ headers }).handshake();
  expect(response.status).toBe(101);
  expect(response.headers.get("X-Room")).toBe("7");
  expect(response.headers.getSetCookie()).toEqual(["one=1; Path=/", "two=2; Path=/"]);
  response.webSocket?.accept();
});

test("ROOM-19: upgrade chooses a subprotocol that it has checked itself, and data and protocol survive sleep", async () => {
  const room = accepting({ protocol: "chat.v1", tags: ["moderator", "team:a", "moderator"] });
  const client = await room.connect({ "Sec-WebSocket-Protocol": "chat.v1, secret-token" });
  const expected = JSON.stringify([{ name: "ada" }, "chat.v1", ["moderator", "team:a"]]);
  client.send("?");
  expect(await client.next()).toBe(expected);
  await room.sleep();
  client.send("?");
  expect(await client.next()).toBe(expected);
});

test("ROOM-20: sockets are found by tag, in the order in which they joined, after sleep too", async () => {
  const room = new TestRoom({
    upgrade: (request) => {
      const name = request.headers.get("X-Name") ?? "";
      return accept(name, { tags: name === "odd" ? [] : ["even", `is:${name}`] });
    },
    message(ws, tag, room) {
      ws.send(JSON.stringify([...room.socketsByTag(String(tag))].map(({ data }) => data)));
    },
  } satisfies RoomHandler<string>);
  const [, odd, four] = [
    await room.connect({ "X-Name": "two" }),
    await room.connect({ "X-Name": "odd" }),
    await room.connect({ "X-Name": "four" }),
  ];
  for (const _ of ["awake", "asleep"]) {
    odd.send("even", "is:four", "nothing");
    expect(await odd.take(3)).toEqual(['["two","four"]', '["four"]', "[]"]);
    await room.sleep();
  }
  await four.close(1000);
  await expect.poll(() => room.sockets()).toBe(2);
  odd.send("even");
  expect(await odd.next()).toBe('["two"]');
});

test.each([undefined, ""])("ROOM-20: without a tag (%j), nobody is found", async (tag) => {
  const room = new TestRoom({
    message: (ws, _message, room) => ws.send(String([...room.socketsByTag(tag as string)].length)),
  });
  const client = await room.connect();
  client.send("?");
  expect(await client.next()).toBe("0");
});

test.each<[string, AcceptOptions, string]>([
  ["a subprotocol that nobody offered", { protocol: "v2" }, "does not offer"],
  ["a header of the handshake", { headers: { "Sec-WebSocket-Protocol": "v1" } }, "belongs to the handshake"],
  ["11 tags", { tags: [..."abcdefghijk"] }, "at most 10 tags"],
  ["an empty tag", { tags: [""] }, "1 to 256 characters"],
  ["a tag of 257 characters", { tags: ["x".repeat(257)] }, "1 to 256 characters"],
])("ROOM-19 LIMIT-14: %s is a failure of upgrade: 500, and nobody joins", async (_, options, why) => {
  const log = captureErrors();
  const room = accepting(options);
  const response = await room.handshake({ "Sec-WebSocket-Protocol": "v1" });
  expect(response.status).toBe(500);
  expect(await room.sockets()).toBe(0);
  expect(log()).toMatchObject([{ event: "request_failed", message: expect.stringContaining(why) }]);
});

test("LIMIT-14: 10 tags of 256 characters are kept", async () => {
  const tags = Array.from({ length: 10 }, (_, index) => String(index).padEnd(256, "x"));
  const client = await accepting({ tags }).connect();
  client.send("?");
  expect(JSON.parse(String(await client.next()))).toEqual([{ name: "ada" }, "", tags]);
});
