import { expect, test } from "vitest";
import { channelIn, useChannels } from "../support/channel-gateway.ts";
import { TcpPeer } from "../support/tcp.ts";
import { until } from "../support/until.ts";

const gateway = useChannels({ connection: { pingInterval: 1 } });

const COMMANDS = (channel: string) => `{"connect":{},"id":1}\n{"subscribe":{"channel":"${channel}"},"id":2}`;

async function open(channel: string): Promise<TcpPeer> {
  const peer = await TcpPeer.connect(gateway.port);
  const body = COMMANDS(channel);
  const head = ["POST /connection/http_stream HTTP/1.1", "Host: localhost", `Content-Length: ${body.length}`];
  peer.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  return peer;
}

const presentIn = async (channel: string) => {
  const watcher = await gateway.connect({}, channel);
  const { numClients } = await watcher.centrifuge.presenceStats(channel);
  watcher.centrifuge.disconnect();
  return numClients;
};

test("HTTP-02: the head says what no proxy may do, and the body begins with the connect reply", async () => {
  const peer = await open(channelIn("keep"));
  const { status, headers } = await peer.readHead();
  expect(status).toBe(200);
  expect(Object.fromEntries(headers)).toMatchObject({
    "content-type": "application/x-ndjson",
    "cache-control": "private, no-cache, no-store, no-transform",
    "x-accel-buffering": "no",
    "transfer-encoding": "chunked",
    vary: "Origin",
  });
  peer.destroy();
});

test.each([
  ["resets TCP", (peer: TcpPeer) => peer.reset()],
  ["ends TCP", (peer: TcpPeer) => peer.destroy()],
])("HTTP-11: a client that %s is soon no longer present", async (_, end) => {
  const channel = channelIn("keep");
  const peer = await open(channel);
  await peer.readHead();
  await until(async () => (await presentIn(channel)) === 1, "the subscription");
  end(peer);
  await until(async () => (await presentIn(channel)) === 0, "the leave");
});

test("HTTP-11: one that is gone before it was answered leaves nobody behind", async () => {
  const channel = channelIn("keep");
  const peers = await Promise.all(Array.from({ length: 20 }, () => open(channel)));
  for (const peer of peers) peer.reset();
  await until(async () => (await presentIn(channel)) === 0, "nobody");
  // A stream that comes late would show now: its hub has pinged it, and nobody has answered.
  const witness = await gateway.connect({}, channel);
  const pings = () =>
    witness.frames.filter(({ direction, text }) => direction === "received" && text === "{}");
  await until(() => pings().length >= 3);
  expect(await presentIn(channel)).toBe(0);
});
