import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasPing, lineWriter, PROTOBUF } from "../../src/protocol/http/bidirectional.ts";
import { streamHandshake, streamOf } from "../../src/protocol/http/transports.ts";
import { EVENTS, NDJSON } from "../../src/protocol/http/writer.ts";
import type { Bytes } from "../../src/protocol/messages.ts";
import { protobufCodec } from "../../src/protocol/protobuf/codec.ts";
import { chooseEncoding } from "../../src/protocol/subprotocol.ts";
import { messageOf } from "../../src/shared/payload-size.ts";

const PONG = "{}";

describe("frames", () => {
  test("HTTP-02: as lines, each frame is passed on with the end of its last line", () => {
    const writer = lineWriter(NDJSON);
    expect(writer.write('{"id":1}').text).toBe('{"id":1}\n');
    expect(writer.write('{"id":1}\n{"id":2}').text).toBe('{"id":1}\n{"id":2}\n');
  });

  test("HTTP-03: as events, each line is one, and nothing but `data`", () => {
    expect(lineWriter(EVENTS).write('{"id":1}\n{"id":2}').text).toBe('data: {"id":1}\n\ndata: {"id":2}\n\n');
  });

  test("HTTP-02 HTTP-03: whatever the lines are, they come out as they were", () => {
    const line = fc.json().filter((text) => !text.includes("\n"));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), (lines) => {
        const frame = lines.join("\n");
        expect(String(lineWriter(NDJSON).write(frame).text).split("\n")).toEqual([...lines, ""]);
        const events = String(lineWriter(EVENTS).write(frame).text).split("\n\n");
        expect(events).toEqual([...lines.map((text) => `data: ${text}`), ""]);
      }),
    );
  });
});

describe("pings", () => {
  test.each([
    ["alone", "{}"],
    ["first", '{}\n{"push":{}}'],
    ["last", '{"push":{}}\n{}'],
    ["within", '{"push":{}}\n{}\n{"push":{}}'],
  ])("HTTP-05: one that is %s is passed on and answered", (_, frame) => {
    const { text, answer } = lineWriter(NDJSON).write(frame);
    expect([text, answer]).toEqual([`${frame}\n`, PONG]);
  });

  test.each(['{"push":{"pub":{"data":{}}}}', '{"a":"{}"}', '{"id":1,"publish":{}}\n{"id":2,"publish":{}}'])(
    "HTTP-05: %s is none",
    (frame) => expect(hasPing(frame, "{}")).toBe(false),
  );

  test("HTTP-05: the runtime's answer to a pong is not passed on", () => {
    expect(lineWriter(NDJSON).write('{"push":{"channel":""}}')).toEqual({ text: "" });
  });
});

test.each([
  [3503, "force disconnect", 3503, "force disconnect"],
  [4200, "mine", 4200, "mine"],
  [1006, "", 3001, "shutdown"],
  [1000, "", 3001, "shutdown"],
])("HTTP-06: a close with %i %s is told as %i", (code, reason, told, why) => {
  expect(lineWriter(NDJSON).end({ code, reason })).toBe(
    `{"push":{"disconnect":{"code":${told},"reason":"${why}"}}}\n`,
  );
});

describe("frames of Protobuf", () => {
  const push = protobufCodec.encodePush({
    kind: "leave",
    channel: "a",
    info: { user: "", client: "b", connInfo: undefined, chanInfo: undefined },
  });
  const frameOf = (...messages: Bytes[]) => messageOf(Uint8Array.from(messages.flatMap((each) => [...each])));

  test("HTTP-23: are passed on as they are", () => {
    const { text, answer } = PROTOBUF.write(frameOf(push, push));
    expect([text, answer]).toEqual([Uint8Array.from([...push, ...push]), undefined]);
  });

  test.each([
    ["alone", [protobufCodec.ping]],
    ["first", [protobufCodec.ping, push]],
    ["within", [push, protobufCodec.ping, push]],
  ])("HTTP-23: a ping that is %s is answered in text", (_, messages) => {
    expect(PROTOBUF.write(frameOf(...messages)).answer).toBe(PONG);
  });

  test("HTTP-23: what the runtime answers to that is not passed on", () => {
    expect(PROTOBUF.write('{"push":{"channel":""}}').text).toHaveLength(0);
  });
});

describe("the handshake of a stream", () => {
  test("HTTP-08 HTTP-23: what is spoken is the Worker's to say, whatever headers are kept", () => {
    const stream = { transport: "http_stream", session: "a" } as const;
    for (const [encoding, offered] of [
      ["json", "centrifuge-protobuf"],
      ["protobuf", "centrifuge-json"],
    ] as const)
      expect(chooseEncoding(streamHandshake(stream, encoding, { "sec-websocket-protocol": offered }))).toBe(
        encoding,
      );
  });

  test("HTTP-08: tells its transport and its session, and no client can write one", () => {
    const request = streamHandshake({ transport: "sse", session: "abc.d-_" }, "json", { "x-a": "1" });
    expect(streamOf(request)).toEqual({ transport: "sse", session: "abc.d-_" });
    expect(Object.fromEntries(request.headers)).toEqual({
      "x-a": "1",
      "sec-websocket-protocol": "centrifuge-json",
      upgrade: "websocket",
    });
    for (const path of [
      "/connection/websocket",
      "/a/connection/websocket?x=/sse/abc",
      "/sse/connection/websocket",
    ])
      expect(streamOf({ url: `https://worker.internal${path}` })).toBeUndefined();
  });
});
