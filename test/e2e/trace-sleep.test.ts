import { setTimeout as delay } from "node:timers/promises";
import { describe, test } from "vitest";
import type { ChannelClient } from "../support/channel-client.ts";
import { channelIn, useChannels } from "../support/channel-gateway.ts";

const KEY = "for ann";
const OPERATOR_KEYS = JSON.stringify([{ name: "ann", key: KEY, methods: ["trace"] }]);
// A ping is an event: with the usual interval the hub of a test might be woken by one just before it would sleep.
const connection = { pingInterval: 3_600, staleCloseDelay: 1 };
const gateway = useChannels({ connection, vars: { OPERATOR_KEYS } });

/** The runtime lets an object sleep after 10 s without an event, and a hub notices within a second or two that a reader has gone. */
const SLEEP_MS = 13_000;
const TRIES = 3;

const livesOf = async ({ centrifuge }: ChannelClient) => (await centrifuge.rpc("lives", null)).data as number;

/** Traces a channel for so many seconds. */
async function trace(channel: string, seconds: number, signal?: AbortSignal) {
  const response = await fetch(`http://127.0.0.1:${gateway.port}/api/trace`, {
    method: "POST",
    headers: { "X-API-Key": KEY },
    body: JSON.stringify({ channel, seconds }),
    ...(signal && { signal }),
  });
  if (response.body === null) throw new Error("no body");
  return response.body;
}

describe.concurrent.each<[string, (channel: string) => Promise<void>]>([
  [
    "its time is over",
    async (channel) => {
      await new Response(await trace(channel, 1)).text();
    },
  ],
  [
    "its reader has gone",
    async (channel) => {
      const leaving = new AbortController();
      const body = await trace(channel, 600, leaving.signal);
      await body.getReader().read();
      leaving.abort();
    },
  ],
])("when %s", (_, traceAndEnd) => {
  test("TRACE-07: the hub of a trace sleeps again", async ({ expect }) => {
    const channel = channelIn("plain");
    const client = await gateway.connect({}, channel);
    const lived = await livesOf(client);
    await traceAndEnd(channel);
    let lives = lived;
    for (let times = 0; times < TRIES && lives === lived; times += 1) {
      await delay(SLEEP_MS);
      lives = await livesOf(client);
    }
    expect(lives).toBeGreaterThan(lived);
    expect(client.connected).toHaveLength(1);
  });
});
