import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonCodec } from "../../src/protocol/json/codec.ts";
import { encodeInfo } from "../../src/protocol/json/encode-info.ts";
import { encodeResult } from "../../src/protocol/json/encode-results.ts";
import type { ConnectReply, SubscribeReply } from "../../src/protocol/messages.ts";
import { wirePublication } from "../../src/protocol/wire-publication.ts";
import { ERRORS, UNSUBSCRIBES } from "../../src/shared/codes.ts";

const info = { user: "u", client: "c", connInfo: undefined, chanInfo: undefined };
const never = { expires: false, ttl: 0 };
const subscribed: SubscribeReply = {
  ...{ kind: "subscribe", ...never, recoverable: false, positioned: false, epoch: "", offset: 0 },
  ...{ publications: [], recovered: false, wasRecovering: false, data: undefined },
};
const connected: ConnectReply = {
  ...{ kind: "connect", client: "c", version: "1", ...never },
  ...{ data: undefined, subs: new Map(), ping: 25, pong: true },
};

describe("replies", () => {
  test("PROTO-11: a result has its key, also when it is empty", () => {
    expect(jsonCodec.encodeReply(3, { kind: "publish" })).toBe('{"id":3,"publish":{}}');
    expect(jsonCodec.encodeReply(3, { kind: "unsubscribe" })).toBe('{"id":3,"unsubscribe":{}}');
    expect(jsonCodec.encodeReply(4, { kind: "rpc", data: undefined })).toBe('{"id":4,"rpc":{}}');
    expect(jsonCodec.encodeReply(5, subscribed)).toBe('{"id":5,"subscribe":{}}');
  });

  test("PROTO-11: an error says whether it is temporary only when it is", () => {
    expect(jsonCodec.encodeError(1, ERRORS.permissionDenied)).toBe(
      '{"id":1,"error":{"code":103,"message":"permission denied"}}',
    );
    expect(jsonCodec.encodeError(2, ERRORS.internal)).toBe(
      '{"id":2,"error":{"code":100,"message":"internal server error","temporary":true}}',
    );
  });

  test("PROTO-12: zero values are left out", () => {
    expect(encodeResult({ ...connected, version: "", ping: 0, pong: false })).toBe('{"client":"c"}');
    expect(encodeResult({ kind: "refresh", client: "c", version: "", ...never })).toBe('{"client":"c"}');
    expect(encodeResult({ kind: "sub_refresh", ...never })).toBe("{}");
    expect(wirePublication({ data: "0", info: undefined, tags: {} }, 0)).toBe('{"data":0}');
  });

  test("PROTO-12: what is not zero is there", () => {
    const sub = {
      ...{ expires: true, ttl: 60, recoverable: true, positioned: true, epoch: "e", offset: 7 },
      ...{ publications: ['{"data":1}', '{"data":2}'], recovered: true, wasRecovering: true, data: "[1]" },
    };
    const text = encodeResult({
      ...{ ...connected, expires: true, ttl: 30, data: '{"a":1}' },
      subs: new Map([["__proto__", sub]]),
    });
    expect(text).toBe(
      '{"client":"c","version":"1","expires":true,"ttl":30,"data":{"a":1},"subs":{"__proto__":' +
        '{"expires":true,"ttl":60,"recoverable":true,"epoch":"e","publications":[{"data":1},{"data":2}],' +
        '"recovered":true,"offset":7,"positioned":true,"data":[1],"was_recovering":true}},"ping":25,"pong":true}',
    );
    expect(encodeResult({ kind: "refresh", client: "c", version: "1", expires: true, ttl: 9 })).toBe(
      '{"client":"c","version":"1","expires":true,"ttl":9}',
    );
    expect(encodeResult({ kind: "rpc", data: "[1.0]" })).toBe('{"data":[1.0]}');
  });

  test("PROTO-13: what clients read without looking is always there", () => {
    expect(encodeResult({ kind: "presence", members: [] })).toBe('{"presence":{}}');
    expect(encodeResult({ kind: "presence_stats", clients: 0, users: 0 })).toBe(
      '{"num_clients":0,"num_users":0}',
    );
    expect(encodeResult({ kind: "history", publications: [], offset: 0, epoch: "" })).toBe(
      '{"publications":[],"epoch":"","offset":0}',
    );
    expect(encodeInfo({ ...info, user: "", client: "" })).toBe('{"user":"","client":""}');
  });

  test("PROTO-13: presence is by client id", () => {
    const member = { ...info, connInfo: "1", chanInfo: '"x"' };
    expect(encodeResult({ kind: "presence", members: [member] })).toBe(
      '{"presence":{"c":{"user":"u","client":"c","conn_info":1,"chan_info":"x"}}}',
    );
  });
});

describe("pushes", () => {
  const position = { recoverable: true, epoch: "e", offset: 2, positioned: true, data: undefined };
  const member = { ...info, connInfo: "1.0" };

  test.each([
    [
      { kind: "publication", channel: "a", publication: '{"data":1}' },
      '{"push":{"channel":"a","pub":{"data":1}}}',
    ],
    [
      { kind: "join", channel: 'a"b', info: member },
      '{"push":{"channel":"a\\"b","join":{"info":{"user":"u","client":"c","conn_info":1.0}}}}',
    ],
    [
      { kind: "leave", channel: "a", info: member },
      '{"push":{"channel":"a","leave":{"info":{"user":"u","client":"c","conn_info":1.0}}}}',
    ],
    [
      { kind: "unsubscribe", channel: "a", ...UNSUBSCRIBES.insufficientState },
      '{"push":{"channel":"a","unsubscribe":{"code":2500,"reason":"insufficient state"}}}',
    ],
    [
      { kind: "subscribe", channel: "a", ...position },
      '{"push":{"channel":"a","subscribe":{"recoverable":true,"epoch":"e","offset":2,"positioned":true}}}',
    ],
    [{ ...subscribed, kind: "subscribe", channel: "a" }, '{"push":{"channel":"a","subscribe":{}}}'],
    [{ kind: "refresh", expires: true, ttl: 5 }, '{"push":{"refresh":{"expires":true,"ttl":5}}}'],
    [{ kind: "refresh", ...never }, '{"push":{"refresh":{}}}'],
  ] as const)("PROTO-14: %j", (push, expected) => {
    expect(jsonCodec.encodePush(push)).toBe(expected);
  });

  test("PROTO-15: a pong is answered with a push that nobody takes for a ping", () => {
    expect(jsonCodec.ping).toBe("{}");
    expect(jsonCodec.pong?.request).toBe("{}");
    expect(JSON.parse(jsonCodec.pong?.response ?? "")).toEqual({ push: { channel: "" } });
  });
});

test("PROTO-08 PROTO-10: a publication reads as it was written, on one line, whatever its text", () => {
  const text = fc.string({ unit: "binary" });
  const optional = fc.option(fc.json(), { nil: undefined });
  const publication = fc.record({
    data: fc.json(),
    info: fc.option(fc.record({ user: text, client: text, connInfo: optional, chanInfo: optional }), {
      nil: undefined,
    }),
    tags: fc.option(fc.dictionary(text, text), { nil: undefined }),
  });
  const parse = (json: string | undefined) => (json === undefined ? undefined : JSON.parse(json));
  fc.assert(
    fc.property(publication, fc.maxSafeNat(), text, (value, offset, channel) => {
      const publication = wirePublication(value, offset);
      const push = jsonCodec.encodePush({ kind: "publication", channel, publication });
      expect(push).not.toContain("\n");
      const { pub, ...rest } = JSON.parse(push).push;
      expect(rest).toEqual({ channel });
      expect(pub.data).toEqual(parse(value.data));
      expect(pub.offset ?? 0).toBe(offset);
      expect({ ...pub.tags }).toEqual({ ...value.tags });
      expect(pub.info).toEqual(
        value.info && {
          user: value.info.user,
          client: value.info.client,
          ...(value.info.connInfo === undefined ? {} : { conn_info: parse(value.info.connInfo) }),
          ...(value.info.chanInfo === undefined ? {} : { chan_info: parse(value.info.chanInfo) }),
        },
      );
    }),
  );
});
