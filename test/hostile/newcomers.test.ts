import { once } from "node:events";
import { expect, test } from "vitest";
import WebSocket from "ws";
import { HUB_LIMITS } from "../../src/shared/limits.ts";
import { atHub, Bystander } from "../support/bystander.ts";
import { channelIn, useChannels } from "../support/channel-gateway.ts";

/** How many times longer than on a quiet hub a bystander may wait. */
const BOUND = 5;

const gateway = useChannels();

/** Opens a socket and says nothing. Returns how it ends. */
async function openIdle(channel: string): Promise<() => Promise<number>> {
  const url = `ws://127.0.0.1:${gateway.port}/connection/websocket?channel=${encodeURIComponent(channel)}`;
  // A socket that has never sent keeps its TCP after the close, for as long as a client waits for its end.
  const options = { perMessageDeflate: false, closeTimeout: 100 };
  const socket = new WebSocket(url, options);
  const closed = once(socket, "close");
  await once(socket, "open");
  return async () => Number((await closed)[0]);
}

test("ABUSE-35: sockets that never connect hold up nobody at their hub, take nobody's place, and are closed", async () => {
  const channel = channelIn("keep");
  const bystander = await Bystander.connect(atHub(gateway, channel));
  const attack = async () => {
    // One after the other: the rate of handshakes is another limit, of the Worker.
    const idle = [];
    for (let count = 0; count < HUB_LIMITS.unconnectedSockets + 100; count += 1)
      idle.push(await openIdle(channel));
    // The hub is still open to who connects, by way of an edge where it takes no more newcomers itself.
    const member = await gateway.connect({}, channel);
    member.centrifuge.disconnect();
    const codes = await Promise.all(idle.map((ended) => ended()));
    expect(new Set(codes)).toEqual(new Set([3502]));
  };
  expect(await bystander.leastDelayUnder(attack, BOUND)).toBeLessThan(BOUND);
  await bystander.end();
});
