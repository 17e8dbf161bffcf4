import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeClose,
  decodeFrame,
  describeFrame,
  encodeClose,
  encodeFrame,
  type Frame,
  OPCODE,
} from "../../src/websocket/frame.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const LENGTHS_AT_A_BOUNDARY = [0, 1, 124, 125, 126, 127, 65_534, 65_535, 65_536, 65_537];

const anyPayload = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(fc.constantFrom(...LENGTHS_AT_A_BOUNDARY), fc.nat(255))
    .map(([length, seed]) => new Uint8Array(length).map((_, index) => (seed + index * 31) & 0xff)),
);

const anyFrame: fc.Arbitrary<Frame> = fc.record({
  fin: fc.boolean(),
  rsv1: fc.boolean(),
  rsv2: fc.boolean(),
  rsv3: fc.boolean(),
  opcode: fc.nat(15),
  maskingKey: fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined }),
  payload: anyPayload,
});

describe("encodeFrame and decodeFrame", () => {
  test("FRAME-01: the examples of RFC 6455, section 5.7, come out byte for byte", () => {
    const hello = bytesOf("Hello");
    const maskingKey = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);
    expect(encodeFrame({ opcode: OPCODE.text, payload: hello })).toEqual(
      Uint8Array.of(0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f),
    );
    expect(encodeFrame({ opcode: OPCODE.text, payload: hello, maskingKey })).toEqual(
      Uint8Array.of(0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58),
    );
    expect(encodeFrame({ opcode: OPCODE.text, payload: bytesOf("Hel"), fin: false })).toEqual(
      Uint8Array.of(0x01, 0x03, 0x48, 0x65, 0x6c),
    );
    expect(encodeFrame({ opcode: OPCODE.binary, payload: new Uint8Array(256) }).subarray(0, 4)).toEqual(
      Uint8Array.of(0x82, 0x7e, 0x01, 0x00),
    );
    expect(encodeFrame({ opcode: OPCODE.binary, payload: new Uint8Array(65_536) }).subarray(0, 10)).toEqual(
      Uint8Array.of(0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0),
    );
  });

  test("FRAME-02: decoding gives back what was encoded, and leaves the bytes that follow", () => {
    fc.assert(
      fc.property(anyFrame, fc.uint8Array({ maxLength: 5 }), (frame, rest) => {
        const encoded = encodeFrame(frame);
        const decoded = decodeFrame(Buffer.concat([encoded, rest]));
        expect(decoded?.size).toBe(encoded.length);
        expect(decoded?.frame).toEqual(frame);
      }),
      { numRuns: 50 },
    );
  });

  test("FRAME-02: every length around a boundary takes the smallest form", () => {
    for (const length of LENGTHS_AT_A_BOUNDARY) {
      const encoded = encodeFrame({ opcode: OPCODE.binary, payload: new Uint8Array(length).fill(7) });
      const head = length <= 125 ? 2 : length <= 65_535 ? 4 : 10;
      expect(encoded.length).toBe(head + length);
      expect(decodeFrame(encoded)?.frame.payload.length).toBe(length);
    }
  });

  test("FRAME-03: a frame that is cut anywhere asks for more bytes", () => {
    fc.assert(
      fc.property(anyFrame, fc.double({ min: 0, max: 1, noNaN: true }), (frame, where) => {
        const encoded = encodeFrame(frame);
        const cut = Math.min(encoded.length - 1, Math.floor(encoded.length * where));
        expect(decodeFrame(encoded.subarray(0, cut))).toBeUndefined();
      }),
    );
    const small = encodeFrame({
      opcode: OPCODE.text,
      payload: new Uint8Array(126),
      maskingKey: new Uint8Array(4),
    });
    for (let cut = 0; cut < small.length; cut++) expect(decodeFrame(small.subarray(0, cut))).toBeUndefined();
  });

  test("FRAME-04: a 64-bit length beyond 2^53 - 1 throws, and the longer form of a small length is read", () => {
    const head = (...length: number[]) => Uint8Array.of(0x82, 0x7f, ...length);
    expect(() => decodeFrame(head(0x80, 0, 0, 0, 0, 0, 0, 0))).toThrow(RangeError);
    expect(() => decodeFrame(head(0, 0x20, 0, 0, 0, 0, 0, 0))).toThrow(RangeError);
    expect(decodeFrame(head(0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff))).toBeUndefined();
    expect(decodeFrame(head(0, 0, 0, 0, 0, 0, 0, 1, 9))?.frame.payload).toEqual(Uint8Array.of(9));
  });

  test("FRAME-05: an opcode beyond 4 bits or a masking key of another length throws", () => {
    expect(() => encodeFrame({ opcode: 16 })).toThrow(RangeError);
    expect(() => encodeFrame({ opcode: OPCODE.text, maskingKey: new Uint8Array(3) })).toThrow(RangeError);
  });

  test("FRAME-02: a decoded frame shares no memory with the bytes it came from", () => {
    const bytes = Buffer.from(encodeFrame({ opcode: OPCODE.binary, payload: Uint8Array.of(1) }));
    const decoded = decodeFrame(bytes);
    bytes.fill(0);
    expect(decoded?.frame.payload).toEqual(Uint8Array.of(1));
  });
});

describe("encodeClose and decodeClose", () => {
  test("FRAME-06: a code and reason come back as they were given", () => {
    const anyReason = fc
      .string({ unit: "grapheme", maxLength: 60 })
      .filter((text) => bytesOf(text).length <= 123);
    fc.assert(
      fc.property(fc.nat(0xffff), anyReason, (code, reason) => {
        expect(decodeClose(encodeClose(code, reason))).toEqual({ code, reason });
      }),
    );
    expect(decodeClose(encodeClose())).toEqual({ code: undefined, reason: "" });
  });

  test("FRAME-06: what does not fit a close frame throws", () => {
    expect(encodeClose(1000, "x".repeat(123)).length).toBe(125);
    expect(() => encodeClose(1000, "x".repeat(124))).toThrow(RangeError);
    expect(() => encodeClose(65_536)).toThrow(RangeError);
    expect(() => decodeClose(Uint8Array.of(3))).toThrow(RangeError);
    expect(() => decodeClose(Uint8Array.of(0x03, 0xe8, 0xff))).toThrow(TypeError);
  });
});

describe("describeFrame", () => {
  test("FRAME-07: a masked text frame is named field by field, its payload unmasked", () => {
    const maskingKey = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);
    const fields = describeFrame(encodeFrame({ opcode: OPCODE.text, payload: bytesOf("Hello"), maskingKey }));
    expect(fields.map(({ name, start, end, bits }) => [name, start, end, bits])).toEqual([
      ["FIN", 0, 1, "1"],
      ["RSV1", 0, 1, "0"],
      ["RSV2", 0, 1, "0"],
      ["RSV3", 0, 1, "0"],
      ["opcode", 0, 1, "0001"],
      ["MASK", 1, 2, "1"],
      ["payload length", 1, 2, "0000101"],
      ["masking key", 2, 6, undefined],
      ["payload", 6, 11, undefined],
    ]);
    expect(fields.find(({ name }) => name === "opcode")?.value).toBe("1 (text)");
    expect(fields.find(({ name }) => name === "masking key")?.value).toBe("37 fa 21 3d");
    expect(fields.at(-1)?.value).toBe("Hello");
  });

  test("FRAME-07: the fields cover every byte of the frame, in order and without a gap", () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const encoded = encodeFrame(frame);
        let covered = 0;
        for (const { start, end } of describeFrame(encoded)) {
          expect(start).toBeLessThanOrEqual(covered);
          expect(end).toBeGreaterThanOrEqual(covered);
          covered = end;
        }
        expect(covered).toBe(encoded.length);
      }),
      { numRuns: 40 },
    );
  });

  test("FRAME-07: the 16-bit and 64-bit length forms show what announces them and the length itself", () => {
    const lengthsOf = (length: number) =>
      describeFrame(encodeFrame({ opcode: OPCODE.binary, payload: new Uint8Array(length) }))
        .filter(({ name }) => name.startsWith("payload length"))
        .map(({ start, end, value }) => [start, end, value]);
    expect(lengthsOf(126)).toEqual([
      [1, 2, "126 (the next 2 bytes tell)"],
      [2, 4, "126"],
    ]);
    expect(lengthsOf(65_536)).toEqual([
      [1, 2, "127 (the next 8 bytes tell)"],
      [2, 10, "65536"],
    ]);
  });

  test("FRAME-07: a long payload is cut short, and never inside a character", () => {
    const text = describeFrame(encodeFrame({ opcode: OPCODE.text, payload: bytesOf(`x${"é".repeat(99)}`) }));
    expect(text.at(-1)?.value).toBe(`x${"é".repeat(31)} …`);
    const binary = describeFrame(encodeFrame({ opcode: OPCODE.binary, payload: new Uint8Array(64) }));
    expect(binary.at(-1)?.value).toBe(Array(64).fill("00").join(" "));
  });

  test("FRAME-07: bytes without a whole frame throw", () => {
    expect(() => describeFrame(Uint8Array.of(0x81, 0x05, 0x48))).toThrow(RangeError);
  });
});
