import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { connect, handshake } from "../../objects/client.ts";
import { type HistoryBody, HubClient } from "../../support/hub-client.ts";
import { deploy } from "./deploy.ts";

const home = (channel: string) => env.HUB.getByName(`home/${channel}`);

async function session(channel: string): Promise<HubClient> {
  const response = await handshake(`/connection/websocket?channel=${channel}`);
  if (response.webSocket === null) throw new Error(`refused with ${response.status}`);
  const client = new HubClient(response.webSocket);
  response.webSocket.accept();
  await client.ask("connect");
  return client;
}

test("PKG-34: sleeping sockets and stored streams of the first package are served by this one", async () => {
  deploy("first");
  const channel = `kept:${crypto.randomUUID()}`;
  const [stays, leaves] = [await session(channel), await session(channel)];
  const before = await stays.subscribe(channel);
  await leaves.subscribe(channel);
  await stays.publish(channel, { n: 1 });
  await leaves.publication(channel);
  await leaves.close();
  await stays.publish(channel, { n: 2 });
  await evictDurableObject(home(channel));

  deploy("latest");
  await stays.publish(channel, { n: 3 });
  const history = await stays.ask<HistoryBody>("history", { channel, limit: 10 });
  expect(history.publications.map(({ data }) => data)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  expect([history.epoch, history.offset]).toEqual([before.epoch, 3]);
  const back = await session(channel);
  const recovered = await back.subscribe(channel, { recover: true, epoch: before.epoch, offset: 1 });
  expect(recovered.recovered).toBe(true);
  expect(recovered.publications?.map(({ offset }) => offset)).toEqual([2, 3]);
});

test("PKG-34: sockets of rooms that slept under the first package go on under this one, and back", async () => {
  deploy("first");
  const path = `/rooms/counter/${crypto.randomUUID()}`;
  const room = env.ROOM.getByName(path.slice("/rooms/".length));
  const [one, other] = [await connect(path), await connect(path)];
  for (const [index, version] of (["first", "latest", "first", "latest"] as const).entries()) {
    deploy(version);
    await evictDurableObject(room);
    one.send("again");
    expect([await one.next(), await other.next()]).toEqual(Array(2).fill(`${index + 1}: again`));
  }
});
