import { expect, test } from "vitest";
import { decodeClose, OPCODE } from "../../src/websocket/frame.ts";
import { range, useChannels } from "../support/channel-gateway.ts";
import { UNLIMITED } from "../support/rates.ts";
import { TcpPeer } from "../support/tcp.ts";

/** Allowances that hardly grow while a test runs. */
const slowly = (burst: number) => ({ perSecond: 1, burst });
const limited = useChannels({ connection: { commandRate: slowly(10), byteRate: slowly(50_000) } });
const unlimited = useChannels({ connection: { commandRate: UNLIMITED } });

/** Connects, as the first command. */
async function open({ port }: { readonly port: number }): Promise<TcpPeer> {
  const peer = await TcpPeer.open(port, "/connection/websocket");
  send(peer, [{ connect: {} }]);
  await codes(peer, 1);
  return peer;
}

/** Sends commands in one frame, with ids from 1. */
function send(peer: TcpPeer, commands: readonly object[]): void {
  peer.sendText(commands.map((command, index) => JSON.stringify({ id: index + 1, ...command })).join("\n"));
}

/** The error codes of the next replies, undefined for none, in the order of their ids. */
async function codes(peer: TcpPeer, count: number): Promise<(number | undefined)[]> {
  const replies: { id: number; error?: { code: number } }[] = [];
  while (replies.length < count) {
    const lines = Buffer.from((await peer.nextFrame()).payload)
      .toString()
      .split("\n");
    replies.push(...lines.map((line) => JSON.parse(line)).filter(({ id }) => id !== undefined));
  }
  return replies.sort((one, other) => one.id - other.id).map(({ error }) => error?.code);
}

async function closeCode(peer: TcpPeer): Promise<number | undefined> {
  let frame = await peer.nextFrame();
  while (frame.opcode !== OPCODE.close) frame = await peer.nextFrame();
  return decodeClose(frame.payload).code;
}

const publishes = (count: number, channel = "plain:a") =>
  range(count).map((data) => ({ publish: { channel, data } }));

test("ABUSE-01 ABUSE-02: commands over the rate are error 111, and then the connection is closed with 3013", async () => {
  const peer = await open(limited);
  send(peer, publishes(15));
  const answered = await codes(peer, 15);
  // Connecting was the first of the ten; on a slow machine it is forgotten by now.
  const carriedOut = answered.indexOf(111);
  expect(carriedOut).toBeOneOf([9, 10]);
  expect(answered).toEqual([...Array(carriedOut).fill(undefined), ...Array(15 - carriedOut).fill(111)]);
  send(peer, publishes(1));
  await codes(peer, 1);
  send(peer, publishes(100));
  expect(await closeCode(peer)).toBe(3013);
});

test("ABUSE-03: bytes over the rate close with 3013", async () => {
  const peer = await open(limited);
  const publish = { publish: { channel: "plain:a", data: "x".repeat(30_000) } };
  send(peer, [publish]);
  expect(await codes(peer, 1)).toEqual([undefined]);
  send(peer, [publish]);
  expect(await closeCode(peer)).toBe(3013);
});

test("SESS-58: of 1,025 commands that wait the last is error 111, and the connection goes on", async () => {
  const channel = "slow:a";
  const peer = await open(unlimited);
  send(peer, [{ subscribe: { channel } }, ...publishes(1_024, channel)]);
  expect(await codes(peer, 1_025)).toEqual([...Array(1_024).fill(undefined), 111]);
  send(peer, publishes(1, channel));
  expect(await codes(peer, 1)).toEqual([undefined]);
});
