import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { ROOM_LIMITS } from "../../src/shared/limits.ts";
import { decodeClose, OPCODE } from "../../src/websocket/frame.ts";
import { useWire, type Wire } from "../support/wire.ts";

const wire = useWire();
/** A gateway on which compression was turned on, as docs/operations.md says. */
const compressing = useWire({ ENVIRONMENT: "development" }, "test/wire/compressing/wrangler.toml");

const CHANNELS = "/connection/websocket";
beforeAll(async () => {
  for (const gateway of [wire, compressing]) gateway.keepAwake(await gateway.open());
});

const OFFER = { "Sec-WebSocket-Extensions": "permessage-deflate" };
const FLUSH_MARK = Uint8Array.of(0, 0, 0xff, 0xff);

/** A message as RFC 7692, section 7.2, compresses it: flushed, and without the flush's last 4 bytes. */
const compress = (text: string) =>
  deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -FLUSH_MARK.length);

const decompress = (payload: Uint8Array) =>
  inflateRawSync(Buffer.concat([payload, FLUSH_MARK]), { finishFlush: constants.Z_SYNC_FLUSH }).toString();

async function agreedFor(offer: string, at: Wire, path = "/rooms/echo/wire") {
  const peer = await at.connect();
  const head = await peer.upgrade(path, { "Sec-WebSocket-Extensions": offer });
  expect(head.status).toBe(101);
  return head.headers.get("sec-websocket-extensions");
}

const GOOD_OFFERS = [
  "permessage-deflate",
  "permessage-deflate; client_max_window_bits",
  "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
  "permessage-deflate; server_max_window_bits=10",
];
const BAD_OFFERS = [
  "permessage-deflate; nonsense",
  "permessage-deflate; client_max_window_bits=99",
  "x-unknown",
];

describe("without compression", () => {
  test.each([...GOOD_OFFERS, ...BAD_OFFERS])(
    "WIRE-63: the offer %s opens a socket without an extension, in rooms and channels",
    async (offer) => {
      for (const path of ["/rooms/echo/wire", "/ws", CHANNELS])
        expect(await agreedFor(offer, wire, path)).toBeUndefined();
    },
  );

  test("WIRE-63: who offers it gets plain frames, also where compressing would pay", async () => {
    const peer = await wire.open("/rooms/echo/wire", OFFER);
    peer.sendText("a".repeat(100_000));
    const { rsv1, payload } = await peer.nextFrame();
    expect([rsv1, payload.length]).toEqual([false, 100_000]);
  });

  test.each(["/rooms/echo/wire", CHANNELS])(
    "WIRE-70: a compressed message is answered 1002 at %s, and not inflated",
    async (path) => {
      const peer = await wire.open(path, OFFER);
      const payload = compress("a".repeat(30 * 1024 * 1024));
      peer.sendFrame({ opcode: OPCODE.text, rsv1: true, payload });
      const { opcode, payload: reason } = await peer.nextFrame();
      expect([opcode, decodeClose(reason).code]).toEqual([OPCODE.close, 1002]);
    },
  );
});

describe("with compression turned on, decided by the runtime", () => {
  test.each(GOOD_OFFERS)("WIRE-71: the offer %s is accepted", async (offer) => {
    const [extension] = offer.split(";");
    expect(await agreedFor(offer, compressing)).toContain(extension);
  });

  test.each(BAD_OFFERS)(
    "WIRE-71: the offer %s is not accepted, and the socket opens without it",
    async (offer) => {
      expect(await agreedFor(offer, compressing)).toBeUndefined();
    },
  );

  test("WIRE-64: a compressed message comes back compressed", async () => {
    const peer = await compressing.open("/rooms/echo/wire", OFFER);
    const text = "Poorwill ".repeat(10_000);
    peer.sendFrame({ opcode: OPCODE.text, rsv1: true, payload: compress(text) });
    const { rsv1, payload } = await peer.nextFrame();
    expect(rsv1).toBe(true);
    expect(payload.length).toBeLessThan(1_000);
    expect(decompress(payload)).toBe(text);
  });

  test("WIRE-64: the compressed sample of RFC 7692 is understood, whole and in fragments", async () => {
    const sample = Uint8Array.of(0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00);
    const whole = await compressing.open("/rooms/echo/wire", OFFER);
    whole.sendFrame({ opcode: OPCODE.text, rsv1: true, payload: sample });
    expect(decompress((await whole.nextFrame()).payload)).toBe("Hello");

    const cut = await compressing.open("/rooms/echo/wire", OFFER);
    cut.sendFrame({ opcode: OPCODE.text, rsv1: true, fin: false, payload: sample.subarray(0, 3) });
    cut.sendFrame({ opcode: OPCODE.continuation, payload: sample.subarray(3) });
    expect(decompress((await cut.nextFrame()).payload)).toBe("Hello");
  });

  test("WIRE-64: a message may stay uncompressed where compression was agreed", async () => {
    const peer = await compressing.open("/rooms/echo/wire", OFFER);
    peer.sendText("plain");
    const { rsv1, payload } = await peer.nextFrame();
    expect(rsv1 ? decompress(payload) : Buffer.from(payload).toString()).toBe("plain");
  });

  test("WIRE-65: a client that offers nothing never gets a compressed frame", async () => {
    const peer = await compressing.open();
    peer.sendText("a".repeat(100_000));
    const { rsv1, payload } = await peer.nextFrame();
    expect([rsv1, payload.length]).toEqual([false, 100_000]);
  });

  test("WIRE-66: what is not compressed data is answered 1002", async () => {
    const peer = await compressing.open("/rooms/echo/wire", OFFER);
    peer.sendFrame({ opcode: OPCODE.text, rsv1: true, payload: Buffer.alloc(4, 0xff) });
    const { opcode, payload } = await peer.nextFrame();
    expect([opcode, decodeClose(payload).code]).toEqual([OPCODE.close, 1002]);
  });

  test("WIRE-67: size limits count what a message decompresses to", async () => {
    const peer = await compressing.open("/rooms/hello/compressed", OFFER);
    await peer.nextFrame();
    const payload = compress("a".repeat(ROOM_LIMITS.maxPayloadLength + 1));
    expect(payload.length).toBeLessThan(10_000);
    peer.sendFrame({ opcode: OPCODE.text, rsv1: true, payload });
    const answer = await peer.nextFrame();
    expect([answer.opcode, decodeClose(answer.payload).code]).toEqual([OPCODE.close, 1009]);
  });
});
