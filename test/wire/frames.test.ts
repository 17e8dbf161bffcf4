import { beforeAll, describe, expect, test } from "vitest";
import { encodeFrame, type Frame, OPCODE } from "../../src/websocket/frame.ts";
import type { TcpPeer } from "../support/tcp.ts";
import { useWire } from "../support/wire.ts";

const wire = useWire();
beforeAll(async () => wire.keepAwake(await wire.open()));

const SIZES = [0, 1, 125, 126, 65_535, 65_536, 1024 * 1024];
const TYPES = [OPCODE.text, OPCODE.binary];
const { text, binary, continuation } = OPCODE;

const textOf = ({ payload }: Frame) => Buffer.from(payload).toString();

/** ASCII, so that it is valid in both types, and never the same twice in a row. */
const payloadOf = (size: number) => Buffer.alloc(size, "0123456789abcdefghijklmnopqrstuvwxyz-");

async function expectEcho(peer: TcpPeer, opcode: number, payload: Buffer) {
  const frame = await peer.nextFrame();
  expect({ ...frame, payload: frame.payload.length }).toEqual({
    fin: true,
    rsv1: false,
    rsv2: false,
    rsv3: false,
    opcode,
    maskingKey: undefined,
    payload: payload.length,
  });
  expect(payload.equals(frame.payload)).toBe(true);
}

describe("messages", () => {
  for (const opcode of TYPES) {
    test.each(SIZES)(
      `WIRE-10: ${opcode === text ? "text" : "binary"} of %i bytes comes back unchanged, in one frame`,
      async (size) => {
        const peer = await wire.open();
        const payload = payloadOf(size);
        peer.sendFrame({ opcode, payload });
        await expectEcho(peer, opcode, payload);
      },
    );
  }

  test("WIRE-11: a frame that comes byte by byte is one message", async () => {
    const peer = await wire.open();
    const maskingKey = Buffer.from("mask");
    for (const byte of encodeFrame({ opcode: text, payload: payloadOf(200), maskingKey })) {
      peer.write(Uint8Array.of(byte));
    }
    await expectEcho(peer, text, payloadOf(200));
  });

  test("WIRE-12: many frames in one TCP segment are answered one by one, in order", async () => {
    const peer = await wire.open();
    const numbers = Array.from({ length: 200 }, (_, index) => String(index));
    const maskingKey = Buffer.from("mask");
    const frames = numbers.map((number) =>
      encodeFrame({ opcode: text, payload: Buffer.from(number), maskingKey }),
    );
    peer.write(Buffer.concat(frames));
    for (const number of numbers) expect(textOf(await peer.nextFrame())).toBe(number);
  });

  test("WIRE-13: the masking key 0 is as good as any other", async () => {
    const peer = await wire.open();
    peer.sendFrame({ opcode: text, payload: Buffer.from("plain"), maskingKey: new Uint8Array(4) });
    await expectEcho(peer, text, Buffer.from("plain"));
  });

  test("WIRE-10: any valid text comes back byte for byte: NUL, byte order mark, beyond the BMP", async () => {
    const peer = await wire.open();
    const payload = Buffer.from("\uFEFF\u0000é\u{1F426}\uFFFD");
    peer.sendFrame({ opcode: text, payload });
    await expectEcho(peer, text, payload);
  });
});

describe("fragments", () => {
  for (const opcode of TYPES) {
    test(`WIRE-15: ${opcode === text ? "text" : "binary"} in fragments is one message`, async () => {
      const peer = await wire.open();
      peer.sendFrame({ opcode, fin: false, payload: Buffer.from("one ") });
      peer.sendFrame({ opcode: continuation, fin: false, payload: Buffer.from("two ") });
      peer.sendFrame({ opcode: continuation, payload: Buffer.from("three") });
      await expectEcho(peer, opcode, Buffer.from("one two three"));
    });
  }

  test("WIRE-15: empty fragments are an empty message", async () => {
    const peer = await wire.open();
    peer.sendFrame({ opcode: text, fin: false });
    peer.sendFrame({ opcode: continuation, fin: false });
    peer.sendFrame({ opcode: continuation });
    await expectEcho(peer, text, Buffer.alloc(0));
  });

  test("WIRE-15: a character may be cut by a fragment boundary", async () => {
    const peer = await wire.open();
    const payload = Buffer.from("a\u{1F426}b");
    peer.sendFrame({ opcode: text, fin: false, payload: payload.subarray(0, 3) });
    peer.sendFrame({ opcode: continuation, payload: payload.subarray(3) });
    await expectEcho(peer, text, payload);
  });

  test("WIRE-16: a ping between fragments is answered at once, and the message stays whole", async () => {
    const peer = await wire.open();
    peer.sendFrame({ opcode: binary, fin: false, payload: Buffer.from("left ") });
    peer.sendFrame({ opcode: OPCODE.ping, payload: Buffer.from("between") });
    const pong = await peer.nextFrame();
    expect([pong.opcode, textOf(pong)]).toEqual([OPCODE.pong, "between"]);
    peer.sendFrame({ opcode: OPCODE.pong, payload: Buffer.from("nobody asked") });
    peer.sendFrame({ opcode: continuation, payload: Buffer.from("right") });
    await expectEcho(peer, binary, Buffer.from("left right"));
  });
});

describe("decided by the runtime", () => {
  const protocolErrors: [what: string, frames: (Partial<Frame> & { opcode: number })[]][] = [
    ["RSV1 without permessage-deflate", [{ opcode: text, rsv1: true, payload: Buffer.from("x") }]],
    ["RSV2", [{ opcode: text, rsv2: true, payload: Buffer.from("x") }]],
    ["RSV3", [{ opcode: binary, rsv3: true, payload: Buffer.from("x") }]],
    ["RSV2 in a control frame", [{ opcode: OPCODE.ping, rsv2: true }]],
    ...[3, 4, 5, 6, 7].map((opcode): [string, { opcode: number }[]] => [
      `reserved opcode ${opcode}`,
      [{ opcode }],
    ]),
    ...[11, 12, 13, 14, 15].map((opcode): [string, { opcode: number }[]] => [
      `reserved opcode ${opcode}`,
      [{ opcode }],
    ]),
    ["a continuation of nothing", [{ opcode: continuation, payload: Buffer.from("x") }]],
    ["a continuation after a whole message", [{ opcode: OPCODE.pong }, { opcode: continuation, fin: false }]],
    ["a message inside another", [{ opcode: text, fin: false }, { opcode: text }]],
  ];

  test.each(protocolErrors)("WIRE-20: %s is answered 1002", async (_, frames) => {
    const peer = await wire.open();
    for (const frame of frames) peer.sendFrame(frame);
    const { opcode, payload } = await peer.nextFrame();
    expect([opcode, Buffer.from(payload).readUInt16BE(0)]).toEqual([OPCODE.close, 1002]);
  });

  test("WIRE-55: an unmasked frame is a message like any other", async () => {
    const peer = await wire.open();
    peer.sendFrame({ opcode: text, payload: Buffer.from("bare"), maskingKey: undefined });
    await expectEcho(peer, text, Buffer.from("bare"));
  });

  test.each([
    ["16 bits", Uint8Array.of(0x81, 0xfe, 0, 1, 0, 0, 0, 0, 0x61)],
    ["64 bits", Uint8Array.of(0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0x61)],
  ])("WIRE-56: a length of 1 written in %s is understood", async (_, frame) => {
    const peer = await wire.open();
    peer.write(frame);
    await expectEcho(peer, text, Buffer.from("a"));
  });

  test.each([
    ["a byte that is never in UTF-8", [0x61, 0xff, 0x62], "a\uFFFDb"],
    ["a character that is cut short", [0x61, 0xc3], "a\uFFFD"],
    ["a surrogate", [0xed, 0xa0, 0x80], "\uFFFD\uFFFD\uFFFD"],
    ["an overlong form", [0xc0, 0x80], "\uFFFD\uFFFD"],
  ])("WIRE-57: broken UTF-8 is delivered with U+FFFD in its place: %s", async (_, bytes, delivered) => {
    const peer = await wire.open();
    peer.sendFrame({ opcode: text, payload: Uint8Array.from(bytes) });
    await expectEcho(peer, text, Buffer.from(delivered));
  });
});
