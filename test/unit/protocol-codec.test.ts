import { describe, expect, test } from "vitest";
import { jsonCodec } from "../../src/protocol/json/codec.ts";
import { HUB_LIMITS } from "../../src/shared/limits.ts";

const { frameLength } = HUB_LIMITS;
const line = (length: number) => "x".repeat(length);

describe("the JSON codec", () => {
  test("PROTO-01: reads commands from text, and from the same text as bytes", () => {
    const text = '{"publish":{"channel":"a","data":"ü"},"id":1}\n{"id":2,"unsubscribe":{"channel":"a"}}';
    const commands = [
      { kind: "publish", id: 1, channel: "a", data: '"ü"' },
      { kind: "unsubscribe", id: 2, channel: "a" },
    ];
    expect(jsonCodec.decode(text)).toEqual(commands);
    expect(jsonCodec.decode(new TextEncoder().encode(text).buffer)).toEqual(commands);
    expect(jsonCodec.decode(new Uint8Array([0x7b, 0xff]).buffer)).toBeUndefined();
  });

  test("SESS-01: what waits is joined by newlines into one frame", () => {
    expect(jsonCodec.join([])).toEqual([]);
    expect(jsonCodec.join(["a"])).toEqual(["a"]);
    expect(jsonCodec.join(["a", "b", "c"])).toEqual(["a\nb\nc"]);
  });

  test("SESS-60: into several where one would be over the frame limit, in order", () => {
    const [half, rest] = [line(frameLength / 2), line(frameLength / 2 - 1)];
    expect(jsonCodec.join([half, rest])).toEqual([`${half}\n${rest}`]);
    expect(jsonCodec.join([half, half, "a"])).toEqual([half, `${half}\na`]);
  });

  test("SESS-60: what is longer than a frame stands alone", () => {
    const long = line(frameLength + 1);
    expect(jsonCodec.join(["a", long, "b"])).toEqual(["a", long, "b"]);
  });
});
