import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import WebSocket from "ws";
import { SESSION_LIMITS, TRACE_LIMITS } from "../../src/shared/limits.ts";
import { atHub, Bystander } from "../support/bystander.ts";
import { channelIn, range, useChannels } from "../support/channel-gateway.ts";

/** How many times longer than on a quiet hub a bystander may wait. */
const BOUND = 5;
/** Milliseconds in which a bystander asks often enough for a percentile. */
const WINDOW = 3_000;
const KEY = "for ann";
const OPERATOR_KEYS = JSON.stringify([{ name: "ann", key: KEY, methods: ["trace"] }]);
/** What a trace may be asked for at most. */
const GREEDY = { payloads: true, rate: TRACE_LIMITS.mostRate, seconds: 60 };

const gateway = useChannels({ vars: { OPERATOR_KEYS } });
const busy = channelIn("keep");

/** Begins a trace, and reads it or lets it stall. */
async function trace(signal: AbortSignal, isRead: boolean): Promise<void> {
  const { body } = await fetch(`http://127.0.0.1:${gateway.port}/api/trace`, {
    method: "POST",
    headers: { "X-API-Key": KEY },
    body: JSON.stringify({ channel: busy, ...GREEDY }),
    signal,
  });
  const reader = body?.getReader();
  await reader?.read();
  if (isRead) void drain(reader).catch(() => {});
}

async function drain(reader: ReadableStreamDefaultReader<unknown> | undefined): Promise<void> {
  while (reader && !(await reader.read()).done);
}

/** Publishes all that the rate of commands allows, while the channel is traced as often as it may be. */
async function publishTraced(isRead: boolean): Promise<void> {
  const over = new AbortController();
  await Promise.all(range(TRACE_LIMITS.traces).map(() => trace(over.signal, isRead)));
  const url = `ws://127.0.0.1:${gateway.port}/connection/websocket?channel=${encodeURIComponent(busy)}`;
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, "open");
  const window = setTimeout(WINDOW);
  socket.send('{"id":1,"connect":{}}');
  for (const number of range(SESSION_LIMITS.commandBurst))
    socket.send(JSON.stringify({ id: number + 1, publish: { channel: busy, data: "x".repeat(500) } }));
  await window;
  socket.terminate();
  over.abort();
}

test.each([
  ["are read", true],
  ["are left unread", false],
])("TRACE-13: four traces of a busy channel that %s hold up nobody else there", async (_, isRead) => {
  const bystander = await Bystander.connect(atHub(gateway, busy));
  expect(await bystander.leastDelayUnder(() => publishTraced(isRead), BOUND)).toBeLessThan(BOUND);
  await bystander.end();
});
