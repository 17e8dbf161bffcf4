import { expect, test } from "vitest";
import type { RoomHandler } from "../../src/rooms/handler.ts";
import type { Client } from "./client.ts";
import { TestRoom } from "./test-room.ts";

/** Does what it is told in JSON, and answers with what came of it. */
const obedient: RoomHandler = {
  message(ws, message, room) {
    const [verb, topic = "", text = ""] = JSON.parse(String(message)) as string[];
    const answers: Record<string, () => unknown> = {
      subscribe: () => ws.subscribe(topic),
      unsubscribe: () => ws.unsubscribe(topic),
      publish: () => ws.publish(topic, text),
      "publish to all": () => room.publish(topic, text),
      subscriptions: () => ws.subscriptions,
      subscribed: () => ws.isSubscribed(topic),
      count: () => room.subscriberCount(topic),
    };
    const answer = answers[verb ?? ""]?.();
    ws.send(JSON.stringify({ answer }));
  },
};

async function tell(client: Client, ...words: string[]): Promise<unknown> {
  client.send(JSON.stringify(words));
  return (JSON.parse(String(await client.next())) as { answer?: unknown }).answer;
}

async function three(): Promise<{ room: TestRoom; clients: [Client, Client, Client] }> {
  const room = new TestRoom(obedient);
  return { room, clients: [await room.connect(), await room.connect(), await room.connect()] };
}

test("TOPIC-01: publish reaches the other subscribers of the topic, and nobody else", async () => {
  const { clients } = await three();
  const [one, two, outsider] = clients;
  for (const client of [one, two]) await tell(client, "subscribe", "news");
  await tell(outsider, "subscribe", "new");
  expect(await tell(one, "publish", "news", "Grüße")).toBe(7);
  expect(await two.next()).toBe("Grüße");
  expect(await tell(outsider, "publish", "news", "from outside")).toBe(12);
  expect([await one.next(), await two.next()]).toEqual(["from outside", "from outside"]);
  expect(await tell(one, "publish", "nobody", "x")).toBe(0);
  expect([one.unread, two.unread, outsider.unread]).toEqual([[], [], []]);
});

test("TOPIC-01: who is alone with a topic reaches nobody", async () => {
  const { clients } = await three();
  await tell(clients[0], "subscribe", "mine");
  expect(await tell(clients[0], "publish", "mine", "x")).toBe(0);
});

test("TOPIC-02: the room publishes to every subscriber", async () => {
  const { clients } = await three();
  const [one, two] = clients;
  await tell(two, "subscribe", "news");
  expect(await tell(one, "publish to all", "news", "all")).toBe(3);
  expect(await two.next()).toBe("all");
  await tell(one, "subscribe", "news");
  one.send(JSON.stringify(["publish to all", "news", "again"]));
  expect(await one.take(2)).toEqual(["again", '{"answer":5}']);
});

test("TOPIC-03: a subscription counts once, and a socket knows its own", async () => {
  const { clients } = await three();
  const [one, two] = clients;
  for (const topic of ["a", "b", "a", "constructor"]) await tell(one, "subscribe", topic);
  expect(await tell(one, "subscriptions")).toEqual(["a", "b", "constructor"]);
  expect(await tell(one, "subscribed", "a")).toBe(true);
  expect(await tell(two, "subscribed", "a")).toBe(false);
  await tell(two, "subscribe", "a");
  expect(await tell(two, "count", "a")).toBe(2);
  await tell(one, "unsubscribe", "a");
  await tell(one, "unsubscribe", "never subscribed");
  expect(await tell(two, "count", "a")).toBe(1);
  expect(await tell(two, "count", "toString")).toBe(0);
});

test("TOPIC-04: who leaves the room leaves its topics", async () => {
  const { room, clients } = await three();
  const [leaving, staying, third] = clients;
  for (const client of clients) await tell(client, "subscribe", "news");
  await leaving.close(1000);
  await expect.poll(() => tell(staying, "count", "news")).toBe(2);
  await room.sleep();
  await third.close(1000);
  await expect.poll(() => tell(staying, "count", "news")).toBe(1);
});

test("SLEEP-03: topics survive sleep, and so does having left one", async () => {
  const { room, clients } = await three();
  const [one, two, third] = clients;
  for (const client of clients) for (const topic of ["kept", "left"]) await tell(client, "subscribe", topic);
  await tell(two, "unsubscribe", "left");
  await room.sleep();
  expect(await tell(two, "subscriptions")).toEqual(["kept"]);
  expect([await tell(one, "count", "kept"), await tell(one, "count", "left")]).toEqual([3, 2]);
  await tell(one, "publish", "left", "not for two");
  await tell(one, "publish", "kept", "for two");
  expect(await two.next()).toBe("for two");
  expect(await third.take(2)).toEqual(["not for two", "for two"]);
  await room.sleep();
  expect(await tell(two, "publish to all", "left", "still not for two")).toBe(17);
  expect(await third.next()).toBe("still not for two");
});

test("ROOM-10: an empty message does not read as dropped", async () => {
  const room = new TestRoom({
    open: (ws) => ws.subscribe("all"),
    message(ws) {
      ws.send(JSON.stringify([ws.send(""), ws.publish("all", "")]));
    },
  });
  const [one, other] = [await room.connect(), await room.connect()];
  one.send("?");
  expect(await one.take(2)).toEqual(["", "[1,1]"]);
  expect(await other.next()).toBe("");
});
