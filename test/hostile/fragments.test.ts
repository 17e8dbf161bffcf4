import { expect, test } from "vitest";
import { decodeClose, OPCODE } from "../../src/websocket/frame.ts";
import { atHub, Bystander } from "../support/bystander.ts";
import { channelIn, useChannels } from "../support/channel-gateway.ts";
import { TcpPeer } from "../support/tcp.ts";

const BOUND = 5;
const MiB = 1_048_576;

const gateway = useChannels({ connection: { staleCloseDelay: 1 } });

/** Begins a message of 24 MiB, in fragments, and never ends it. */
async function beginMessage(path: string): Promise<TcpPeer> {
  const peer = await TcpPeer.open(gateway.port, path);
  const fragment = { fin: false, payload: Buffer.alloc(MiB) };
  peer.sendFrame({ opcode: OPCODE.binary, ...fragment });
  for (let sent = 1; sent < 24; sent += 1) peer.sendFrame({ opcode: OPCODE.continuation, ...fragment });
  return peer;
}

test("ABUSE-20: messages that never end hold up nobody else, and who sends nothing else is closed like one who is silent", async () => {
  const channel = channelIn("plain");
  const path = `/connection/websocket?channel=${encodeURIComponent(channel)}`;
  const bystander = await Bystander.connect(atHub(gateway, channel));
  const codes: (number | undefined)[] = [];
  const attack = async () => {
    const peers = await Promise.all(Array.from({ length: 10 }, () => beginMessage(path)));
    for (const peer of peers) {
      codes.push(decodeClose((await peer.nextFrame()).payload).code);
      peer.destroy();
    }
  };
  expect(await bystander.leastDelayUnder(attack, BOUND)).toBeLessThan(BOUND);
  expect(new Set(codes)).toEqual(new Set([3502]));
  await bystander.end();
});
