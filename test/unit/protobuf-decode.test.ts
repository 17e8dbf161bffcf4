import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { protobufCodec } from "../../src/protocol/protobuf/codec.ts";
import { SESSION_LIMITS } from "../../src/shared/limits.ts";
import { writeHex } from "../support/protobuf/other-library.ts";

const decode = (frame: readonly number[]) => protobufCodec.decode(Uint8Array.from(frame).buffer);
/** A message with its length before it: as long as it is short. */
const short = (...message: readonly number[]) => [message.length, ...message];
const written = (message: object) => [...Buffer.from(writeHex("Command", message), "hex")];

/** `{ id: 1, unsubscribe: { channel: "a" } }`, as its message and as a part of one. */
const ID = [0x08, 1];
const UNSUBSCRIBE = [0x32, 3, 0x0a, 1, 0x61];
const LEAVE = { kind: "unsubscribe", id: 1, channel: "a" };

describe("frames of Protobuf", () => {
  test("PB-02: hold messages with their lengths, in order", () => {
    expect(decode(short(...ID, ...UNSUBSCRIBE))).toEqual([LEAVE]);
    expect(decode([...short(...ID, ...UNSUBSCRIBE), 0, ...short(...ID, ...UNSUBSCRIBE)])).toEqual([
      LEAVE,
      { kind: "pong" },
      LEAVE,
    ]);
  });

  test("PB-02: text is no frame, and neither is nothing", () => {
    expect(protobufCodec.decode('{"id":1}')).toBeUndefined();
    expect(protobufCodec.decode("\0")).toBeUndefined();
    expect(decode([])).toBeUndefined();
  });

  test("PB-02: one that is cut off anywhere is not read at all, unless it is cut between two messages", () => {
    const frame = [
      ...written({ id: 1, unsubscribe: { channel: "a" } }),
      ...written({ id: 2, rpc: { data: "1" } }),
    ];
    const ends = frame.map((_, length) => decode(frame.slice(0, length))?.length ?? 0);
    expect(ends.filter((count) => count > 0)).toEqual([1]);
  });

  test("PB-02: a length that says more than is there, or has no end", () => {
    expect(decode([0xff, 0xff, 0xff, 0xff, 0x0f, 0])).toBeUndefined();
    expect(decode(Array<number>(20).fill(0x80))).toBeUndefined();
    expect(decode([0x80])).toBeUndefined();
  });
});

describe("messages of Protobuf", () => {
  test.each([
    ["a varint of eleven bytes", [0x08, ...Array<number>(10).fill(0x80), 1, ...UNSUBSCRIBE]],
    ["a varint of eleven bytes in a field that is not known", [0xa0, 1, ...Array<number>(10).fill(0x80), 1]],
    ["a number where the schema has a message", [...ID, 0x30, 1]],
    ["a text where the schema has a number", [0x0a, 1, 1, ...UNSUBSCRIBE]],
    ["a number where the schema has a text", [...ID, 0x32, 2, 0x08, 1]],
    ["eight bytes where the schema has a number", [0x09, 1, 0, 0, 0, 0, 0, 0, 0, ...UNSUBSCRIBE]],
    ["a text that reaches over its message", [...ID, 0x32, 3, 0x0a, 9, 0x61, ...Array<number>(9).fill(0x61)]],
    ["a message that reaches over its command", [...ID, 0x32, 30, 0x0a, 1, 0x61]],
    ["a group", [...ID, ...UNSUBSCRIBE, 0xa3, 1, 0xa4, 1]],
    ["the end of a group", [...ID, ...UNSUBSCRIBE, 0xa4, 1]],
    ["the wire type 7", [...ID, ...UNSUBSCRIBE, 0xa7, 1]],
    ["the field 0", [...ID, ...UNSUBSCRIBE, 0x00, 1]],
    ["a text that is no UTF-8", [...ID, 0x32, 3, 0x0a, 1, 0xff]],
    ["no request", [...ID]],
    ["a ping", [...ID, 0x5a, 0]],
    ["no id, beside a message", [...UNSUBSCRIBE, 0x62, 0]],
  ])("PB-03 PB-05: %s makes the frame unreadable", (_name, message) => {
    expect(decode(short(...message))).toBeUndefined();
    expect(decode([...short(...ID, ...UNSUBSCRIBE), ...short(...message)])).toBeUndefined();
  });

  test.each([
    ["a number", [0xa0, 1, 5]],
    ["a text", [0xa2, 1, 2, 0x61, 0x62]],
    ["four bytes", [0xa5, 1, 0, 0, 0, 0]],
    ["eight bytes", [0xa1, 1, 0, 0, 0, 0, 0, 0, 0, 0]],
  ])("PB-03: a field that is not known is passed over: %s", (_name, field) => {
    expect(decode(short(...field, ...ID, ...UNSUBSCRIBE, ...field))).toEqual([LEAVE]);
    expect(decode(short(...ID, 0x32, 3 + field.length, 0x0a, 1, 0x61, ...field))).toEqual([LEAVE]);
  });

  test("PB-03: a tags filter is not looked at, however deeply it is nested", () => {
    let filter: object = { op: "and" };
    for (let depth = 0; depth < 50; depth += 1) filter = { op: "not", nodes: [filter] };
    expect(decode(written({ id: 1, subscribe: { channel: "a", tf: filter } }))).toMatchObject([
      { kind: "subscribe", hasTagsFilter: true },
    ]);
  });

  test("PB-03: an offset is exact up to 2^53 - 1, and unreadable above", () => {
    const history = (offset: string) => written({ id: 1, history: { channel: "a", since: { offset } } });
    expect(decode(history("9007199254740991"))).toMatchObject([{ since: { offset: 9007199254740991 } }]);
    expect(decode(history("9007199254740992"))).toBeUndefined();
    expect(decode(history("18446744073709551615"))).toBeUndefined();
  });

  test("PB-05: without an id, only a message is carried out, and the rest is a pong", () => {
    expect(decode(written({ send: { data: "1" } }))).toEqual([{ kind: "send", data: "1" }]);
    expect(decode(written({ id: 0 }))).toEqual([{ kind: "pong" }]);
  });

  test("PB-05: of several requests, the first in the order of the schema is taken", () => {
    const both = { id: 1, publish: { channel: "p", data: "1" }, unsubscribe: { channel: "u" } };
    expect(decode(written(both))).toEqual([{ kind: "unsubscribe", id: 1, channel: "u" }]);
  });
});

describe("payloads in Protobuf", () => {
  const rpc = (data: string | readonly number[]) =>
    decode(written({ id: 1, rpc: { data: typeof data === "string" ? data : Uint8Array.from(data) } }));

  test("PB-06: are JSON, with every digit, where hooks and backends are asked", () => {
    for (const json of ["12345678901234567890", '{"a":1.50,"b":[ -0]}', '"é\\ud800"', "false"])
      expect(rpc(json)).toEqual([{ kind: "rpc", id: 1, method: "", data: json }]);
  });

  test("PB-06: lose no more than their line breaks", () => {
    expect(rpc('{\r\n"a": 1\n}')).toMatchObject([{ data: '{  "a": 1 }' }]);
  });

  test("PB-06: are none where they are empty", () => {
    expect(rpc("")).toMatchObject([{ data: undefined }]);
    expect(rpc("null")).toMatchObject([{ data: "null" }]);
  });

  test.each([
    ["no JSON", "{"],
    ["no UTF-8", [0x22, 0xff, 0x22]],
    ["too deep", "[".repeat(101) + "]".repeat(101)],
  ])("PB-06: that are %s are refused, and the rest is carried out", (_name, data) => {
    expect(rpc(data)).toEqual([{ kind: "invalid", id: 1 }]);
    const payload = typeof data === "string" ? data : Uint8Array.from(data);
    expect(decode(written({ send: { data: payload } }))).toBeUndefined();
  });

  test("PB-06: a command that is too long is refused, unless it is a connect", () => {
    const { commandSize } = SESSION_LIMITS;
    const long = JSON.stringify("x".repeat(commandSize));
    expect(rpc(long)).toEqual([{ kind: "invalid", id: 1 }]);
    expect(decode(written({ id: 2, publish: { channel: "a", data: long } }))).toEqual([
      { kind: "invalid", id: 2 },
    ]);
    expect(decode(written({ id: 3, connect: { data: long } }))).toMatchObject([
      { kind: "connect", data: long },
    ]);
  });
});

describe("whatever comes", () => {
  test("PB-04: no bytes make the decoder throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (frame) => {
        expect(protobufCodec.decode(frame.slice().buffer) ?? []).toBeInstanceOf(Array);
      }),
      { numRuns: 20_000 },
    );
  });

  test("PB-04: nor do the bytes of a command of which some are others", () => {
    const subscribe = {
      channel: "a",
      epoch: "e",
      offset: 300,
      data: '{"a":1}',
      tf: { op: "and" },
      recover: true,
    };
    const frame = [
      ...written({ id: 1, connect: { subs: { a: subscribe }, headers: { a: "b" }, data: "[1]" } }),
      ...written({ id: 2, subscribe }),
    ];
    const change = fc.tuple(fc.nat(frame.length - 1), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), fc.nat(frame.length), (changes, length) => {
        const changed = Uint8Array.from(frame);
        for (const [index, byte] of changes) changed[index] = byte;
        expect(protobufCodec.decode(changed.slice(0, length).buffer) ?? []).toBeInstanceOf(Array);
      }),
      { numRuns: 20_000 },
    );
  });
});
