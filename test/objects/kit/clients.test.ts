import { expect, test } from "vitest";
import {
  ChannelError,
  connectChannels,
  connectRoom,
  dropConnections,
  sleep,
} from "../../../src/package/testing.ts";
import { until } from "../../support/until.ts";
import { TestRoom } from "../test-room.ts";

const newChannel = () => `keep:${crypto.randomUUID()}`;

test("KIT-01: a client of a room sends its headers, and keeps what arrives until the test asks for it", async () => {
  const room = new TestRoom({
    upgrade: (request) => request.headers.get("Cookie"),
    open: (ws) => ws.send(`hello ${ws.data}`),
    message: (ws, message) => ws.send(message),
  });
  const client = await connectRoom(room.path, { headers: { Cookie: "name=ada" } });
  client.send("text", new Uint8Array([1, 2]));
  expect(await client.take(2)).toEqual(["hello name=ada", "text"]);
  expect(await client.next()).toEqual(new Uint8Array([1, 2]).buffer);
  expect(client.unread).toEqual([]);
  expect(await client.close(4000, "bye")).toEqual({ code: 4000, reason: "bye" });
});

test("KIT-01: a refused client throws the status and the words of the answer", async () => {
  const room = new TestRoom({ upgrade: () => new Response("who are you?", { status: 401 }), message() {} });
  await expect(connectRoom(room.path)).rejects.toThrow("was refused with 401: who are you?");
});

test("KIT-01: who waits for a message when the connection ends is told how it ended", async () => {
  const room = new TestRoom({ message: (ws) => ws.close(4001, "enough") });
  const client = await connectRoom(room.path);
  client.send("x");
  await expect(client.next()).rejects.toThrow(
    'closed with {"code":4001,"reason":"enough"}, waiting for a message',
  );
});

test("KIT-02: clients of channels subscribe, publish, hear each other and read the history", async () => {
  const channel = newChannel();
  const [ada, bob] = [await connectChannels({ data: { name: "ada" } }), await connectChannels({ channel })];
  expect(ada.connection?.client).toEqual(expect.any(String));
  await ada.subscribe(channel);
  await bob.subscribe(channel);
  await ada.publish(channel, { text: "one" });
  await bob.publish(channel, { text: "two" });
  for (const client of [ada, bob]) {
    expect((await client.publication(channel)).data).toEqual({ text: "one" });
    expect((await client.publication(channel)).data).toEqual({ text: "two" });
  }
  const { publications } = await bob.history(channel, { limit: -1 });
  expect(publications.map(({ data }) => data)).toEqual([{ text: "one" }, { text: "two" }]);
  await bob.unsubscribe(channel);
  await ada.close();
});

test("KIT-02: what the gateway refuses is thrown with its code", async () => {
  const client = await connectChannels();
  const refusal = client.subscribe("nowhere:1");
  await expect(refusal).rejects.toThrow(ChannelError);
  await expect(refusal).rejects.toMatchObject({ code: 102 });
  await expect(connectChannels({ token: "no token" })).rejects.toThrow();
});

test("KIT-03: a room that is put to sleep has lost its memory and kept its sockets and their data", async () => {
  const lives: unknown[] = [];
  const room = new TestRoom({
    upgrade: () => "ada",
    start: () => void lives.push("woke"),
    message: (ws) => ws.send(String(ws.data)),
  });
  const client = await connectRoom(room.path);
  await sleep(room.path);
  client.send("who am I?");
  expect(await client.next()).toBe("ada");
  await sleep();
  client.send("and now?");
  expect(await client.next()).toBe("ada");
  expect(lives).toEqual(["woke", "woke", "woke"]);
});

test("KIT-03: what is no room is an error that says so", async () => {
  await expect(sleep("/ws")).rejects.toThrow("/ws is not the path of a room: /rooms/:kind/:room");
});

test("KIT-04: dropped connections end without a close at both ends, and the room stays as it is", async () => {
  const ends: unknown[] = [];
  const room = new TestRoom({
    upgrade: (request) => new URL(request.url).searchParams.get("name"),
    message: (ws, message) => ws.send(message),
    close: (ws, code) => ends.push([ws.data, code]),
  });
  const clients = [await connectRoom(`${room.path}?name=ada`), await connectRoom(`${room.path}?name=bob`)];
  const channels = await connectChannels();
  dropConnections();
  for (const client of [...clients, channels]) expect((await client.closed).code).toBe(1006);
  await until(() => ends.length === 2);
  expect(ends).toEqual(
    expect.arrayContaining([
      ["ada", 1006],
      ["bob", 1006],
    ]),
  );
  const again = await connectRoom(room.path);
  again.send("back");
  expect(await again.next()).toBe("back");
});
