import { env, exports } from "cloudflare:workers";
import { expect, onTestFinished, test } from "vitest";
import { channelRequest, HubClient } from "../support/hub-client.ts";
import { StreamEnd } from "../support/stream-end.ts";
import { until } from "../support/until.ts";
import { GATEWAY } from "./client.ts";
import { clientEnd, TestHub } from "./test-hub.ts";

const IDLE = 100;
const PINGS = 3;
/** What is billed of an object: its alarms, the rows that it writes, and what it is asked or sent. */
const BILLED = [
  "poorwill_hub_alarms",
  "poorwill_hub_rows_written",
  "poorwill_hub_calls_taken",
  "centrifugo_transport_messages_received",
];

type Open = (path: string) => Promise<{ readonly client: HubClient; readonly answers: boolean }>;

const openSocket: Open = async (path) => {
  const response = await exports.default.fetch(channelRequest(path));
  return { client: new HubClient(clientEnd(response)), answers: true };
};

const openStream: Open = async (path) => {
  const ask = (path: string, init: RequestInit) => exports.default.fetch(new Request(GATEWAY + path, init));
  const end = new StreamEnd(ask, `/connection/http_stream${path}`);
  onTestFinished(() => end.close());
  return { client: new HubClient(end), answers: false };
};

/** What a hub is billed for while so many clients are connected and do nothing, through some pings. */
async function billOf(open: Open): Promise<Record<string, number>> {
  const channel = `open:${crypto.randomUUID()}`;
  const hub = new TestHub({ name: `home/${channel}` });
  const clients = await Promise.all(Array.from({ length: IDLE }, () => open(`?channel=${channel}`)));
  await Promise.all(clients.map(({ client }) => client.ask("connect")));
  const read = async () => {
    const { samples } = await env.HUB.getByName(hub.name).metrics();
    return BILLED.map((name) => samples[name] ?? 0);
  };
  const before = await read();
  for (let ping = 0; ping < PINGS; ping += 1) {
    await hub.runAlarm();
    await Promise.all(clients.map(({ client }) => client.ping()));
    for (const { client, answers } of clients) if (answers) client.sendFrame("{}");
    const isAnswered = () =>
      hub.inside((state) =>
        state.getWebSockets().every((raw) => state.getWebSocketAutoResponseTimestamp(raw)),
      );
    await until(isAnswered, "every pong");
  }
  const after = await read();
  return Object.fromEntries(BILLED.map((name, index) => [name, (after[index] ?? 0) - (before[index] ?? 0)]));
}

test("HTTP-24: 100 idle streams cost a hub exactly what 100 idle sockets cost it", async () => {
  const [sockets, streams] = [await billOf(openSocket), await billOf(openStream)];
  expect(streams).toEqual(sockets);
  expect(streams.poorwill_hub_alarms).toBe(PINGS);
  expect(streams.centrifugo_transport_messages_received).toBe(0);
});
