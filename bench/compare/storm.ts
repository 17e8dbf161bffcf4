import { inBatches } from "../batches.ts";
import { ask, connect, encodePublish } from "../channels.ts";
import { closeSockets, openSockets } from "../load.ts";
import { Listener, type Tally } from "../soak/listener.ts";
import type { RunningTarget } from "../targets.ts";

const CHANNEL = "kept:storm";
/** Publications that everybody has missed. */
const MISSED = 5;
/** Connections that come at a time: as many as an accept queue takes. */
const JOINING_AT_ONCE = 100;

/**
 * Cuts so many subscribers at once, and returns the seconds until all of them are back and have what they missed. Peers
 * without recovery only have to be connected to again.
 */
export async function reconnectStorm(target: RunningTarget, count: number): Promise<number> {
  if (target.channels === undefined) return reconnectOnly(target, count);
  const { port } = await target.channels();
  const path = `/connection/websocket?channel=${CHANNEL}`;
  const tally: Tally = { deliveries: 0, recoveries: 0, lost: 0, repeated: 0 };
  const listeners = Array.from({ length: count }, () => new Listener(port, path, CHANNEL, tally));
  const joinAll = () => inBatches(listeners, JOINING_AT_ONCE, (listener) => listener.join());
  await joinAll();
  const publishers = await openSockets(port, path, 1);
  await connect(publishers);
  for (const listener of listeners) listener.cut();
  for (let sent = 0; sent < MISSED; sent += 1)
    for (const publisher of publishers) await ask(publisher, encodePublish(CHANNEL), 1);
  const start = performance.now();
  await joinAll();
  const seconds = (performance.now() - start) / 1_000;
  if (tally.recoveries !== count || tally.lost + tally.repeated > 0 || tally.deliveries !== count * MISSED)
    throw new Error(`${target.name} has not recovered everybody: ${JSON.stringify(tally)}`);
  await Promise.all(listeners.map((listener) => listener.leave()));
  await closeSockets(publishers);
  return seconds;
}

async function reconnectOnly({ port, path }: RunningTarget, count: number): Promise<number> {
  const room = path("broadcast", "storm");
  const sockets = await openSockets(port, room, count);
  for (const socket of sockets) socket.cut();
  const start = performance.now();
  const again = await openSockets(port, room, count);
  const seconds = (performance.now() - start) / 1_000;
  await closeSockets(again);
  return seconds;
}
