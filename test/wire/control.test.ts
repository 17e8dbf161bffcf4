import { beforeAll, describe, expect, test } from "vitest";
import { encodeFrame, OPCODE } from "../../src/websocket/frame.ts";
import type { TcpPeer } from "../support/tcp.ts";
import { useWire } from "../support/wire.ts";

const wire = useWire();
beforeAll(async () => wire.keepAwake(await wire.open()));

async function expectPong(peer: TcpPeer, payload: Uint8Array) {
  const pong = await peer.nextFrame();
  expect([pong.fin, pong.opcode, Buffer.from(pong.payload)]).toEqual([
    true,
    OPCODE.pong,
    Buffer.from(payload),
  ]);
}

async function expectText(peer: TcpPeer, text: string) {
  const { opcode, payload } = await peer.nextFrame();
  expect([opcode, Buffer.from(payload).toString()]).toEqual([OPCODE.text, text]);
}

describe("ping and pong", () => {
  test.each([0, 1, 125])(
    "WIRE-17: a ping of %i bytes is answered with a pong of the same bytes",
    async (size) => {
      const peer = await wire.open();
      const payload = Buffer.alloc(size, Uint8Array.of(0, 0xff, 0x80));
      peer.sendFrame({ opcode: OPCODE.ping, payload });
      await expectPong(peer, payload);
    },
  );

  test("WIRE-18: a pong that nobody asked for is ignored", async () => {
    const peer = await wire.open();
    peer.sendFrame({ opcode: OPCODE.pong, payload: Buffer.from("unasked") });
    peer.sendFrame({ opcode: OPCODE.pong });
    peer.sendText("after");
    await expectText(peer, "after");
  });

  test("WIRE-19: a ping reaches no handler: the next message is the only one that is echoed", async () => {
    const peer = await wire.open();
    peer.sendFrame({ opcode: OPCODE.ping, payload: Buffer.from("ping") });
    await expectPong(peer, Buffer.from("ping"));
    peer.sendText("message");
    await expectText(peer, "message");
  });

  test.each([
    ["ping", OPCODE.ping],
    ["pong", OPCODE.pong],
    ["close", OPCODE.close],
  ])("WIRE-20: a %s in fragments is answered 1002", async (_, opcode) => {
    const peer = await wire.open();
    peer.sendFrame({ opcode, fin: false });
    const { opcode: answer, payload } = await peer.nextFrame();
    expect([answer, Buffer.from(payload).readUInt16BE(0)]).toEqual([OPCODE.close, 1002]);
  });
});

describe("decided by the runtime", () => {
  test("WIRE-58: a ping of 126 bytes, which is too long, is answered like any other", async () => {
    const peer = await wire.open();
    const payload = Buffer.alloc(126, "x");
    peer.sendFrame({ opcode: OPCODE.ping, payload });
    await expectPong(peer, payload);
  });

  test("WIRE-59: of several pings at once, the last one is always answered", async () => {
    const peer = await wire.open();
    const payloads = ["1", "2", "3", "4", "5"];
    const maskingKey = Buffer.from("mask");
    const pings = payloads.map((text) =>
      encodeFrame({ opcode: OPCODE.ping, payload: Buffer.from(text), maskingKey }),
    );
    peer.write(Buffer.concat(pings));
    const answered: string[] = [];
    while (answered.at(-1) !== "5") answered.push(Buffer.from((await peer.nextFrame()).payload).toString());
    expect(answered.length).toBeLessThanOrEqual(payloads.length);
    expect(answered).toEqual(payloads.filter((payload) => answered.includes(payload)));
  });
});
