import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { atHub, Bystander } from "../support/bystander.ts";
import { channelIn, useChannels } from "../support/channel-gateway.ts";
import { useCrowd } from "../support/crowd.ts";
import { Questioner } from "../support/questioner.ts";

/** How many times longer than on a quiet hub a bystander may wait. */
const BOUND = 5;

const gateway = useChannels();
const channel = channelIn("keep");
useCrowd(gateway, channel);

const PLACES = [
  { where: "at the channel's home", at: channel },
  { where: "at an edge hub", at: undefined },
];

/** Milliseconds in which a bystander asks often enough for a percentile. A hub that is held up for long delays most of it. */
const WINDOW = 3_000;

/** Asks so many times in one frame. Returns how much longer bystanders at that hub and at the home wait meanwhile. */
async function delaysUnder(kind: string, count: number, at: string | undefined): Promise<number[]> {
  const attack = async () => {
    const window = setTimeout(WINDOW);
    const questioner = await Questioner.connect(gateway.port, at);
    await questioner.ask(Array.from({ length: count }, () => ({ [kind]: { channel } })));
    questioner.leave();
    await window;
  };
  const delays: number[] = [];
  for (const place of [at, channel]) {
    const bystander = await Bystander.connect(atHub(gateway, place));
    delays.push(await bystander.leastDelayUnder(attack, BOUND));
    await bystander.end();
  }
  return delays;
}

test.each(PLACES)(
  "ABUSE-10: who asks for numbers 500 times in one frame holds up nobody else: $where",
  async ({ at }) => {
    for (const delay of await delaysUnder("presence_stats", 500, at)) expect(delay).toBeLessThan(BOUND);
  },
);

test.each(PLACES)(
  "ABUSE-10: who asks for members over and over holds up nobody else: $where",
  async ({ at }) => {
    for (const delay of await delaysUnder("presence", 30, at)) expect(delay).toBeLessThan(BOUND);
  },
);
