import { describe, expect, test } from "vitest";
import { addEmulatedHeaders, keepHeaders } from "../../src/channels/kept-headers.ts";
import {
  connectGrant,
  publishGrant,
  readAnswer,
  refreshGrant,
  rpcAnswer,
  subscriptionGrant,
  subscriptionRefreshGrant,
} from "../../src/proxy/answers.ts";
import { BackendFailure } from "../../src/proxy/request.ts";

const read = <Grant extends object>(result: object, grantOf: (result: unknown) => Grant) =>
  readAnswer(JSON.stringify({ result }), grantOf);

describe("results", () => {
  test("PROXY-21: connect grants a user, channels with or without options, and an expiry", () => {
    const subs = {
      "a:1": {
        info: 1,
        data: 2,
        expire_at: 9.7,
        override: { presence: { value: true } },
        cache_recover: true,
      },
    };
    expect(
      read({ user: "ann", channels: ["b:1"], subs, expire_at: 0, meta: { m: 1 }, caps: [] }, connectGrant),
    ).toEqual({
      user: "ann",
      meta: { m: 1 },
      subs: { "b:1": {}, "a:1": { info: 1, data: 2, expireAt: 9, override: { presence: true } } },
    });
    expect(read({}, connectGrant)).toEqual({ user: "", subs: {} });
  });

  test("PROXY-21: channels may be called like members of objects", () => {
    const answer = '{"result":{"subs":{"constructor":{"info":1},"prototype":{}}}}';
    expect(readAnswer(answer, connectGrant)).toEqual({
      user: "",
      subs: { constructor: { info: 1 }, prototype: {} },
    });
  });

  test("PROXY-21: the other results are read with their own members, null being absent", () => {
    expect(read({ expire_at: 5, b64info: "eyJhIjoxfQ==" }, subscriptionGrant)).toEqual({
      expireAt: 5,
      info: { a: 1 },
    });
    expect(read({ b64data: "WzFd", data: 0, skip_history: true, tags: { a: "b" } }, publishGrant)).toEqual({
      data: Uint8Array.from(Buffer.from("[1]")),
      skipHistory: true,
      tags: { a: "b" },
    });
    const conditions = { idempotency_key: "k", version: 2, version_epoch: "e" };
    expect(read(conditions, publishGrant)).toMatchObject({
      ...{ idempotencyKey: "k", version: 2, versionEpoch: "e" },
    });
    expect(read({ data: null, tags: null, skip_history: null, version: null }, publishGrant)).toEqual({
      skipHistory: false,
    });
    expect(read({ data: { n: 1 } }, rpcAnswer)).toEqual({ data: { n: 1 } });
    expect(read({ expired: true, expire_at: 7, info: 1, meta: {} }, refreshGrant)).toEqual({
      expired: true,
      expireAt: 7,
      info: 1,
      meta: {},
    });
    expect(read({ expired: null }, subscriptionRefreshGrant)).toEqual({ expired: false });
  });

  test.each<[string, (result: unknown) => object]>([
    ["rpc", rpcAnswer],
    ["connect", connectGrant],
    ["subscribe", subscriptionGrant],
  ])("PROXY-21: null in base64 is data of %s, and stands before `data`", (_, grantOf) => {
    expect(read({ data: 1, b64data: "bnVsbA==" }, grantOf)).toMatchObject({ data: null });
    expect(read({ data: 1, b64data: "" }, grantOf)).toMatchObject({ data: 1 });
  });

  test("PB-15: what is published in base64 may be any bytes", () => {
    expect(read({ data: 1, b64data: "/wA=" }, publishGrant)).toMatchObject({ data: Uint8Array.of(255, 0) });
    expect(read({ data: 1, b64data: "" }, publishGrant)).toMatchObject({ data: 1 });
    expect(() => read({ b64data: "%" }, publishGrant)).toThrow(BackendFailure);
  });

  test("PROTO-21: an answer of 100 levels is read, a deeper one is a failure", () => {
    const answer = (depth: number) => `{"result":{"data":${"[".repeat(depth - 2)}${"]".repeat(depth - 2)}}}`;
    expect(readAnswer(answer(100), rpcAnswer)).toHaveProperty("data");
    expect(() => readAnswer(answer(101), rpcAnswer)).toThrow(
      new BackendFailure("the answer is nested too deeply"),
    );
  });

  test("PROXY-21: a time may be written in any way that JSON knows", () => {
    expect(readAnswer('{"result":{"expire_at":1795440000.0}}', refreshGrant)).toMatchObject({
      expireAt: 1795440000,
    });
    expect(readAnswer('{"result":{"expire_at":1.79544e9}}', refreshGrant)).toMatchObject({
      expireAt: 1795440000,
    });
  });

  test.each<[string, object, (result: unknown) => object]>([
    ["a user that is no text", { user: 7 }, connectGrant],
    ["channels that are no list", { channels: "a" }, connectGrant],
    ["meta that is no object", { meta: 1 }, connectGrant],
    ["a negative time", { expire_at: -1 }, subscriptionGrant],
    ["a list of options", { subs: { "a:1": [] } }, connectGrant],
    ["a list of channels with options", { subs: [] }, connectGrant],
    ["an override that is a list", { override: [] }, subscriptionGrant],
    ["tags that are not text", { tags: { a: 1 } }, publishGrant],
    ["`expired` that is no flag", { expired: "no" }, refreshGrant],
  ])("PROXY-07: %s is a failure that tells no value", (_, result, grantOf) => {
    expect(() => read(result, grantOf)).toThrow(
      /^[\w.]+ of the answer is not as it must be(: no (object|texts))?$/,
    );
  });

  test.each([
    ["[]", "the answer is not as it must be: no object"],
    ['{"result":[]}', "result of the answer is not as it must be: no object"],
    ['{"error":[]}', "error.code of the answer is not as it must be"],
    ['{"disconnect":[]}', "disconnect.code of the answer is not as it must be"],
    ['{"result":{"tags":1.0}}', "tags of the answer is not as it must be: no object"],
    ['{"result":{"tags":{"a":1}}}', "tags of the answer is not as it must be: no texts"],
    [
      '{"result":{},"error":{"code":400,"message":"no"}}',
      "the answer is not as it must be: more than one of result, error and disconnect",
    ],
    [
      '{"disconnect":{"code":4000,"reason":"true"}}',
      "disconnect.reason of the answer is not as it must be: a reason must not be JSON",
    ],
  ])("PROXY-07: the log says what is wrong with %s", (answer, message) => {
    expect(() => readAnswer(answer, publishGrant)).toThrow(new BackendFailure(message));
  });
});

describe("headers", () => {
  test("PROXY-09: only headers that are named are kept, in lower case", () => {
    const headers = new Headers({ Cookie: "a", Authorization: "b", "X-Other": "c" });
    expect(keepHeaders(headers, ["cookie", "authorization", "x-missing"])).toEqual({
      cookie: "a",
      authorization: "b",
    });
  });

  test.each([
    "cf-connecting-ip",
    "x-forwarded-for",
    "x-real-ip",
    "forwarded",
    "true-client-ip",
    "origin",
    "sec-fetch-site",
  ])("PROXY-10: %s is never emulated", (name) => {
    expect(addEmulatedHeaders({}, new Map([[name, "forged"]]), [name])).toEqual({});
  });

  test("PROXY-10: a value that is no header value is left out", () => {
    expect(addEmulatedHeaders({}, new Map([["cookie", "a\r\nb"]]), ["cookie"])).toEqual({});
  });
});
