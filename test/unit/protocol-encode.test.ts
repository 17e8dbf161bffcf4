import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as encode from "../../src/protocol/json/encode.ts";
import type { SubscribeResult } from "../../src/protocol/messages.ts";
import { ERRORS, UNSUBSCRIBES } from "../../src/shared/codes.ts";

const info = { user: "u", client: "c", connInfo: undefined, chanInfo: undefined };
const subscribed: SubscribeResult = {
  ...{ expires: false, ttl: 0, recoverable: false, positioned: false, epoch: "", offset: 0 },
  ...{ publications: [], recovered: false, wasRecovering: false, data: undefined },
};
const connected = {
  ...{
    client: "c",
    version: "1",
    expires: false,
    ttl: 0,
    data: undefined,
    subs: new Map(),
    ping: 25,
    pong: true,
  },
};

describe("replies", () => {
  test("PROTO-11: a result has its key, also when it is empty", () => {
    expect(encode.encodeReply(3, "publish", "{}")).toBe('{"id":3,"publish":{}}');
    expect(encode.encodeReply(4, "rpc", encode.encodeRpcResult(undefined))).toBe('{"id":4,"rpc":{}}');
    expect(encode.encodeReply(5, "subscribe", encode.encodeSubscribeResult(subscribed))).toBe(
      '{"id":5,"subscribe":{}}',
    );
  });

  test("PROTO-11: an error says whether it is temporary only when it is", () => {
    expect(encode.encodeError(1, ERRORS.permissionDenied)).toBe(
      '{"id":1,"error":{"code":103,"message":"permission denied"}}',
    );
    expect(encode.encodeError(2, ERRORS.internal)).toBe(
      '{"id":2,"error":{"code":100,"message":"internal server error","temporary":true}}',
    );
  });

  test("PROTO-12: zero values are left out", () => {
    expect(encode.encodeConnectResult({ ...connected, version: "", ping: 0, pong: false })).toBe(
      '{"client":"c"}',
    );
    expect(encode.encodeRefreshResult({ client: "c", version: "", expires: false, ttl: 0 })).toBe(
      '{"client":"c"}',
    );
    expect(encode.encodeSubRefreshResult({ expires: false, ttl: 0 })).toBe("{}");
    expect(encode.encodePublication({ data: "0", info: undefined, tags: {} }, 0)).toBe('{"data":0}');
  });

  test("PROTO-12: what is not zero is there", () => {
    const sub = {
      ...{ expires: true, ttl: 60, recoverable: true, positioned: true, epoch: "e", offset: 7 },
      ...{ publications: ['{"data":1}', '{"data":2}'], recovered: true, wasRecovering: true, data: "[1]" },
    };
    const text = encode.encodeConnectResult({
      ...{ ...connected, expires: true, ttl: 30, data: '{"a":1}' },
      subs: new Map([["__proto__", sub]]),
    });
    expect(text).toBe(
      '{"client":"c","version":"1","expires":true,"ttl":30,"data":{"a":1},"subs":{"__proto__":' +
        '{"expires":true,"ttl":60,"recoverable":true,"epoch":"e","publications":[{"data":1},{"data":2}],' +
        '"recovered":true,"offset":7,"positioned":true,"data":[1],"was_recovering":true}},"ping":25,"pong":true}',
    );
    expect(encode.encodeRefreshResult({ client: "c", version: "1", expires: true, ttl: 9 })).toBe(
      '{"client":"c","version":"1","expires":true,"ttl":9}',
    );
  });

  test("PROTO-13: what clients read without looking is always there", () => {
    expect(encode.encodePresenceResult([])).toBe('{"presence":{}}');
    expect(encode.encodePresenceStatsResult(0, 0)).toBe('{"num_clients":0,"num_users":0}');
    expect(encode.encodeHistoryResult([], 0, "")).toBe('{"publications":[],"epoch":"","offset":0}');
    expect(encode.encodeInfo({ ...info, user: "", client: "" })).toBe('{"user":"","client":""}');
  });

  test("PROTO-13: presence is by client id", () => {
    const infos = new Map([["c", encode.encodeInfo({ ...info, connInfo: "1", chanInfo: '"x"' })]]);
    expect(encode.encodePresenceResult(infos)).toBe(
      '{"presence":{"c":{"user":"u","client":"c","conn_info":1,"chan_info":"x"}}}',
    );
  });
});

describe("pushes", () => {
  test.each([
    [encode.encodePublicationPush('"a"', '{"data":1}'), '{"push":{"channel":"a","pub":{"data":1}}}'],
    [encode.encodeJoinPush('"a"', '{"user":""}'), '{"push":{"channel":"a","join":{"info":{"user":""}}}}'],
    [encode.encodeLeavePush('"a"', '{"user":""}'), '{"push":{"channel":"a","leave":{"info":{"user":""}}}}'],
    [
      encode.encodeUnsubscribePush('"a"', UNSUBSCRIBES.insufficientState),
      '{"push":{"channel":"a","unsubscribe":{"code":2500,"reason":"insufficient state"}}}',
    ],
    [
      encode.encodeSubscribePush('"a"', {
        ...subscribed,
        recoverable: true,
        epoch: "e",
        offset: 2,
        positioned: true,
      }),
      '{"push":{"channel":"a","subscribe":{"recoverable":true,"epoch":"e","offset":2,"positioned":true}}}',
    ],
    [encode.encodeSubscribePush('"a"', subscribed), '{"push":{"channel":"a","subscribe":{}}}'],
    [encode.encodeRefreshPush({ expires: true, ttl: 5 }), '{"push":{"refresh":{"expires":true,"ttl":5}}}'],
    [encode.encodeRefreshPush({ expires: false, ttl: 0 }), '{"push":{"refresh":{}}}'],
  ])("PROTO-14: %s", (actual, expected) => {
    expect(actual).toBe(expected);
  });

  test("PROTO-15: a pong is answered with a push that nobody takes for a ping", () => {
    expect(encode.PING).toBe("{}");
    expect(encode.PONG_REQUEST).toBe("{}");
    expect(JSON.parse(encode.PONG_RESPONSE)).toEqual({ push: { channel: "" } });
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
      const push = encode.encodePublicationPush(
        JSON.stringify(channel),
        encode.encodePublication(value, offset),
      );
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
