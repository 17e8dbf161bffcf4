import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import WebSocket from "ws";
import { atHub, Bystander, multipleOf } from "../../test/support/bystander.ts";
import { inTurn, type Sample, type Scenario } from "../scenario.ts";
import type { RunningTarget } from "../targets.ts";

/** Commands that the default rate allows at once. */
const BURST = 1_000;
/** Milliseconds in which the bystander asks on. */
const WINDOW = 3_000;

/**
 * How long a client waits for the answer to a publication while another one at the same edge hub sends all that its rate
 * allows, each publication in a frame of its own, to a channel with history whose home is elsewhere.
 */
export const bystander: Scenario = {
  title: `A bystander beside a client's burst of ${BURST.toLocaleString("en")} publications`,
  metrics: [
    { name: "p99 ms, quiet", digits: 1 },
    { name: "p99 ms, beside it", digits: 1 },
    { name: "multiple of quiet, or of 20 ms", digits: 1 },
  ],
  goals: [{ metric: "multiple of quiet, or of 20 ms", atMost: 3 }],
  run: (round) => inTurn(round, sample),
};

async function sample({ channels, port }: RunningTarget): Promise<Sample> {
  if (channels === undefined) return [];
  const someone = await Bystander.connect(atHub({ port }, undefined, "public:bystander"));
  const delays = await someone.percentilesUnder(() => burst(port));
  await someone.end();
  return [delays.quiet, delays.attacked, multipleOf(delays)];
}

async function burst(port: number): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/connection/websocket`, { perMessageDeflate: false });
  await once(socket, "open");
  const window = setTimeout(WINDOW);
  socket.send('{"id":1,"connect":{}}');
  for (let id = 2; id < BURST + 2; id += 1)
    socket.send(`{"id":${id},"publish":{"channel":"public:burst","data":${id}}}`);
  await window;
  socket.terminate();
}
