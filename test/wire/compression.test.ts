import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ROOM_LIMITS } from "../../src/limits.ts";
import { decodeClose, OPCODE } from "../../src/protocol/frame.ts";
import { PROMPT_MS, useWire } from "../support/wire.ts";

const wire = useWire();

const OFFER = { "Sec-WebSocket-Extensions": "permessage-deflate" };
const FLUSH_MARK = Uint8Array.of(0, 0, 0xff, 0xff);

/** A message as RFC 7692, section 7.2, compresses it: flushed, and without the flush's last 4 bytes. */
const compress = (text: string) =>
  deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -FLUSH_MARK.length);

const decompress = (payload: Uint8Array) =>
  inflateRawSync(Buffer.concat([payload, FLUSH_MARK]), { finishFlush: constants.Z_SYNC_FLUSH }).toString();

async function agreedFor(offer: string) {
  const peer = await wire.connect();
  const head = await peer.upgrade("/rooms/echo/wire", { "Sec-WebSocket-Extensions": offer });
  expect(head.status).toBe(101);
  return head.headers.get("sec-websocket-extensions");
}

describe("permessage-deflate, decided by the runtime", () => {
  test.each([
    "permessage-deflate",
    "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
    "permessage-deflate; server_max_window_bits=10",
  ])("WIRE-63: the offer %s is accepted as it stands", async (offer) => {
    expect(await agreedFor(offer)).toBe(offer);
  });

  test.each(["permessage-deflate; nonsense", "permessage-deflate; client_max_window_bits=99", "x-unknown"])(
    "WIRE-63: the offer %s is not accepted, and the socket opens without it",
    async (offer) => {
      expect(await agreedFor(offer)).toBeUndefined();
    },
  );

  test("WIRE-64: a compressed message comes back compressed", async () => {
    const peer = await wire.open("/rooms/echo/wire", OFFER);
    const text = "Poorwill ".repeat(10_000);
    peer.sendFrame({ opcode: OPCODE.text, rsv1: true, payload: compress(text) });
    const { rsv1, payload } = await peer.nextFrame();
    expect(rsv1).toBe(true);
    expect(payload.length).toBeLessThan(1_000);
    expect(decompress(payload)).toBe(text);
  });

  test("WIRE-64: the compressed sample of RFC 7692 is understood, whole and in fragments", async () => {
    const sample = Uint8Array.of(0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00);
    const whole = await wire.open("/rooms/echo/wire", OFFER);
    whole.sendFrame({ opcode: OPCODE.text, rsv1: true, payload: sample });
    expect(decompress((await whole.nextFrame()).payload)).toBe("Hello");

    const cut = await wire.open("/rooms/echo/wire", OFFER);
    cut.sendFrame({ opcode: OPCODE.text, rsv1: true, fin: false, payload: sample.subarray(0, 3) });
    cut.sendFrame({ opcode: OPCODE.continuation, payload: sample.subarray(3) });
    expect(decompress((await cut.nextFrame()).payload)).toBe("Hello");
  });

  test("WIRE-64: a message may stay uncompressed where compression was agreed", async () => {
    const peer = await wire.open("/rooms/echo/wire", OFFER);
    peer.sendText("plain");
    const { rsv1, payload } = await peer.nextFrame();
    expect(rsv1 ? decompress(payload) : Buffer.from(payload).toString()).toBe("plain");
  });

  test("WIRE-65: a client that offers nothing never gets a compressed frame", async () => {
    const peer = await wire.open();
    peer.sendText("a".repeat(100_000));
    const { rsv1, payload } = await peer.nextFrame();
    expect([rsv1, payload.length]).toEqual([false, 100_000]);
  });

  test("WIRE-66: what is not compressed data is answered 1002", async () => {
    const peer = await wire.open("/rooms/echo/wire", OFFER);
    peer.sendFrame({ opcode: OPCODE.text, rsv1: true, payload: Buffer.alloc(4, 0xff) });
    const { opcode, payload } = await peer.nextFrame(PROMPT_MS);
    expect([opcode, decodeClose(payload).code]).toEqual([OPCODE.close, 1002]);
  });

  test("WIRE-67: size limits count what a message decompresses to", async () => {
    const peer = await wire.open("/rooms/hello/compressed", OFFER);
    await peer.nextFrame();
    const payload = compress("a".repeat(ROOM_LIMITS.maxPayloadLength + 1));
    expect(payload.length).toBeLessThan(10_000);
    peer.sendFrame({ opcode: OPCODE.text, rsv1: true, payload });
    const answer = await peer.nextFrame(PROMPT_MS);
    expect([answer.opcode, decodeClose(answer.payload).code]).toEqual([OPCODE.close, 1009]);
  });
});
