import { once } from "node:events";
import { expect, test } from "vitest";
import WebSocket from "ws";
import { atHub, Bystander, inRoom } from "../support/bystander.ts";
import { channelIn, useChannels } from "../support/channel-gateway.ts";
import { useCrowd } from "../support/crowd.ts";

/** How many times longer than on a quiet hub a bystander may wait. */
const BOUND = 5;

const gateway = useChannels();
const channel = channelIn("keep");
useCrowd(gateway, channel);

/** Sends frames as fast as they go out, and waits until the gateway has answered or closed. */
async function flood(url: string, frame: string, count: number): Promise<void> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, "open");
  const closed = once(socket, "close");
  for (let sent = 0; sent < count; sent += 1) socket.send(frame);
  socket.close();
  await closed;
}

const hubUrl = () =>
  `ws://127.0.0.1:${gateway.port}/connection/websocket?channel=${encodeURIComponent(channel)}`;

test("ABUSE-60: who floods a hub with frames holds up nobody else there", async () => {
  const bystander = await Bystander.connect(atHub(gateway, channel));
  const connect = '{"id":1,"connect":{}}';
  const noise = Array.from(
    { length: 1_000 },
    (_, id) => `{"id":${id + 2},"publish":{"channel":"plain:x","data":{}}}`,
  );
  expect(await bystander.leastDelayUnder(() => flood(hubUrl(), connect, 1), BOUND)).toBeLessThan(BOUND);
  expect(
    await bystander.leastDelayUnder(() => flood(hubUrl(), [connect, ...noise].join("\n"), 50), BOUND),
  ).toBeLessThan(BOUND);
  await bystander.end();
});

test("ABUSE-60: who floods a room with messages holds up nobody else there", async () => {
  const room = crypto.randomUUID();
  const bystander = await Bystander.connect(inRoom(gateway, room));
  const url = `ws://127.0.0.1:${gateway.port}/rooms/hello/${room}`;
  expect(await bystander.leastDelayUnder(() => flood(url, "x".repeat(1_000), 20_000), BOUND)).toBeLessThan(
    BOUND,
  );
  await bystander.end();
});

test.each<[string, RequestInit]>([
  ["bodies", { method: "POST", body: "x".repeat(1_000_000) }],
  ["headers", { headers: { Authorization: `apikey ${"x".repeat(10_000)}`, Cookie: "x".repeat(10_000) } }],
])("ABUSE-60: who floods the API with %s holds up nobody at a hub", async (_, request) => {
  const bystander = await Bystander.connect(atHub(gateway, channel));
  // Without a key it is refused before its body is read: then writing the rest fails, and the attacker goes on.
  const ask = () =>
    fetch(`http://127.0.0.1:${gateway.port}/api/info`, request).then(
      (answer) => answer.text(),
      () => undefined,
    );
  // One connection, as fast as it goes: locally the Worker and the hub share a thread, which they do not when deployed.
  const attack = async () => {
    for (let count = 0; count < 50; count += 1) await ask();
  };
  expect(await bystander.leastDelayUnder(attack, BOUND)).toBeLessThan(BOUND);
  await bystander.end();
});
