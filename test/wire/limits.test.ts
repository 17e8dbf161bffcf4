import { beforeAll, describe, expect, test } from "vitest";
import { ROOM_LIMITS } from "../../src/shared/limits.ts";
import { decodeClose, encodeFrame, OPCODE } from "../../src/websocket/frame.ts";
import type { TcpPeer } from "../support/tcp.ts";
import { useWire } from "../support/wire.ts";

const wire = useWire();
beforeAll(async () => {
  for (const path of ["/rooms/echo/wire", "/ws"]) wire.keepAwake(await wire.open(path));
});

const { maxPayloadLength, runtimePayloadLength, messageBurst } = ROOM_LIMITS;

async function openHello(): Promise<TcpPeer> {
  const peer = await wire.open("/ws");
  expect(Buffer.from((await peer.nextFrame()).payload).toString()).toBe("Hello from server");
  return peer;
}

async function closeCode(peer: TcpPeer) {
  const { opcode, payload } = await peer.nextFrame();
  expect(opcode).toBe(OPCODE.close);
  return decodeClose(payload).code;
}

describe("message size", () => {
  test("LIMIT-03: a message of exactly the limit is answered", async () => {
    const peer = await openHello();
    peer.sendFrame({ opcode: OPCODE.binary, payload: Buffer.alloc(maxPayloadLength, 7) });
    expect((await peer.nextFrame()).payload.length).toBe(maxPayloadLength);
  });

  test("LIMIT-03: a message one byte over the limit is answered 1009 at once", async () => {
    const peer = await openHello();
    peer.sendFrame({ opcode: OPCODE.binary, payload: Buffer.alloc(maxPayloadLength + 1) });
    expect(await closeCode(peer)).toBe(1009);
  });

  test("LIMIT-03: the limit counts bytes, not characters", async () => {
    const peer = await openHello();
    peer.sendText("é".repeat(maxPayloadLength / 2 + 1));
    expect(await closeCode(peer)).toBe(1009);
  });

  test("LIMIT-03: fragments are counted together", async () => {
    const peer = await openHello();
    peer.sendFrame({ opcode: OPCODE.binary, fin: false, payload: Buffer.alloc(maxPayloadLength) });
    peer.sendFrame({ opcode: OPCODE.continuation, payload: Buffer.alloc(1) });
    expect(await closeCode(peer)).toBe(1009);
  });

  test("WIRE-34: once the client has answered the gateway's close, TCP ends", async () => {
    const peer = await openHello();
    peer.sendFrame({ opcode: OPCODE.binary, payload: Buffer.alloc(maxPayloadLength + 1) });
    expect(await closeCode(peer)).toBe(1009);
    peer.sendClose(1009);
    await peer.ended();
  });

  test("LIMIT-04: the echo room answers the largest message that the runtime delivers", async () => {
    const peer = await wire.open();
    peer.sendFrame({ opcode: OPCODE.binary, payload: Buffer.alloc(runtimePayloadLength, 7) });
    expect((await peer.nextFrame()).payload.length).toBe(runtimePayloadLength);
  });
});

describe("message rate", () => {
  test("LIMIT-06: a burst over the limit is answered as far as the limit goes, and then 1008", async () => {
    const peer = await openHello();
    const message = encodeFrame({
      opcode: OPCODE.text,
      payload: Buffer.from("x"),
      maskingKey: new Uint8Array(4),
    });
    const sent = 5 * messageBurst;
    peer.write(Buffer.concat(Array<Uint8Array>(sent).fill(message)));
    let echoed = 0;
    let frame = await peer.nextFrame();
    for (; frame.opcode === OPCODE.text; frame = await peer.nextFrame()) echoed++;
    expect(decodeClose(frame.payload).code).toBe(1008);
    expect(echoed).toBeGreaterThanOrEqual(messageBurst);
    expect(echoed).toBeLessThan(sent);
  });
});

describe("decided by the runtime", () => {
  test("WIRE-62: a frame over 32 MiB is answered 1009, once its length is known", async () => {
    const peer = await wire.open();
    const frame = encodeFrame({ opcode: OPCODE.binary, payload: Buffer.alloc(runtimePayloadLength + 1) });
    peer.write(frame.subarray(0, 64));
    expect(await closeCode(peer)).toBe(1009);
  });

  test("WIRE-62: a 64-bit length with the top bit set is answered 1009", async () => {
    const peer = await wire.open();
    peer.write(Uint8Array.of(0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4));
    expect(await closeCode(peer)).toBe(1009);
  });
});
