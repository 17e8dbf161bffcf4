import { setTimeout as wait } from "node:timers/promises";
import { OBJECT_LIMITS } from "../../src/shared/limits.ts";
import { encodeFrame, OPCODE } from "../../src/websocket/frame.ts";
import { startWorkerd, type Workerd } from "../../test/support/workerd.ts";
import { closeSockets, type LoadSocket, openSockets } from "../load.ts";
import type { Sample, Scenario } from "../scenario.ts";
import { processorSeconds } from "../usage.ts";

const SOCKETS = 1_000;
/** Each socket beats so often: more often than clients do, but an object sleeps after 10 quiet seconds. */
const BEAT_MS = 2_000;
const BEATS = (3 * OBJECT_LIMITS.sleepAfter) / BEAT_MS;
const maskingKey = Uint8Array.of(1, 2, 3, 4);
const frameOf = (text: string) =>
  encodeFrame({ opcode: OPCODE.text, payload: new TextEncoder().encode(text), maskingKey });
const BEAT = frameOf("ping");
/** Bytes in front of the text of a short frame. */
const HEAD = 2;

/** Whether a room sleeps while its sockets send heartbeats, and what the runtime spends on answering them. */
export const heartbeat: Scenario = {
  title: `Heartbeats of ${SOCKETS.toLocaleString("en")} sockets in one room`,
  metrics: [
    { name: "times asleep", digits: 0 },
    { name: "ms for 1,000 heartbeats", digits: 1 },
  ],
  goals: [
    { metric: "times asleep", atLeast: 1 },
    { metric: "times asleep", atMost: 1 },
  ],
  maxRounds: 1,
  run: async () => {
    const gateway = await startWorkerd({ configPath: "bench/peers/workers/heartbeat.toml" });
    const sample = await measure(gateway);
    await gateway.stop();
    return new Map([["poorwill", sample]]);
  },
};

async function measure({ port, pid }: Workerd): Promise<Sample> {
  const sockets = await openSockets(port, "/rooms/beating/a", SOCKETS);
  const [first] = sockets;
  if (first === undefined) return [];
  const before = { lives: await livesOf(first), seconds: await processorSeconds(pid) };
  for (let beat = 0; beat < BEATS; beat += 1) {
    for (const socket of sockets) socket.send(BEAT);
    await wait(BEAT_MS);
  }
  const seconds = (await processorSeconds(pid)) - before.seconds;
  // The question wakes the room once more.
  const asleep = (await livesOf(first)) - before.lives;
  await closeSockets(sockets);
  return [asleep, (seconds * 1_000) / ((SOCKETS * BEATS) / 1_000)];
}

/** How often the room has been awake so far. */
async function livesOf(socket: LoadSocket): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  socket.onBytes = (count, bytes) => resolve(Number(bytes.toString("latin1", HEAD, count)));
  socket.send(frameOf("?"));
  const lives = await promise;
  socket.onBytes = () => {};
  return lives;
}
