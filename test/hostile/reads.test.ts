import { once } from "node:events";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { atHub, Bystander } from "../support/bystander.ts";
import { channelIn, range, useChannels } from "../support/channel-gateway.ts";
import { useCrowd } from "../support/crowd.ts";
import { UNLIMITED } from "../support/rates.ts";

/** How many times longer than on a quiet hub a bystander may wait. */
const BOUND = 5;
/** What a client can ask in one message of 50 KB. */
const QUESTIONS = 900;
/** Milliseconds of an attack: so long that a moment of it is no more than a hundredth. */
const ATTACK = 10_000;
/** Together the four million characters that one reply brings. */
const publications = range(66).map((number) => `${number} ${"x".repeat(60_000)}`);

const gateway = useChannels({ connection: { byteRate: UNLIMITED } });
const here = channelIn("keep");
const there = channelIn("keep");
/** Channels of another home. */
const elsewhere = range(10).map((number) => `${there}/${number}`);

beforeAll(async () => {
  for (const [home, channels] of [
    [here, [here]],
    [there, elsewhere],
  ] as const) {
    const publisher = await gateway.connect({}, home);
    for (const channel of channels) await publisher.publishMany(channel, publications, 10);
    publisher.centrifuge.disconnect();
  }
});

// After what was published: so long a text to so many would cost its publisher more than there is.
useCrowd(gateway, here);

/** Connects at the hub of the crowd, and sends the same message again and again, the first as much as its allowance holds. */
async function attack(commands: readonly object[]): Promise<void> {
  const url = `ws://127.0.0.1:${gateway.port}/connection/websocket?channel=${encodeURIComponent(here)}`;
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, "open");
  socket.send('{"id":1,"connect":{}}');
  const frame = commands.map((command, id) => JSON.stringify({ id: id + 2, ...command })).join("\n");
  const again = setInterval(() => socket.send(frame), ATTACK / 10);
  socket.send(frame);
  await new Promise((resolve) => setTimeout(resolve, ATTACK));
  clearInterval(again);
  socket.terminate();
}

const histories = (channels: readonly string[]) =>
  range(QUESTIONS).map((number) => ({
    history: { channel: channels[number % channels.length], limit: -1 },
  }));

const recoveries = (channel: string) =>
  range(QUESTIONS / 2).flatMap(() => [
    { subscribe: { channel, recover: true, offset: 0 } },
    { unsubscribe: { channel } },
  ]);

test.each([
  ["the history of the home itself", () => histories([here])],
  ["the history of channels of another home", () => histories(elsewhere)],
  ["a recovery from another home", () => recoveries(elsewhere[0] ?? "")],
])("ABUSE-15 ABUSE-17: who asks for %s again and again delays nobody else", async (_, commands) => {
  // A question that needs no disk, which others of this machine may keep busy.
  const question = '{"id":#,"rpc":{"method":"whoami"}}';
  const bystander = await Bystander.connect({ ...atHub(gateway, here), question });
  onTestFinished(() => bystander.end());
  expect(await bystander.leastDelayUnder(() => attack(commands()), BOUND)).toBeLessThan(BOUND);
});
