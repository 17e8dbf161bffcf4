import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  connectCommand,
  readConnectRequest,
  subscribeCommand,
} from "../../src/protocol/http/connect-request.ts";
import { decodeEventId, encodeEventId } from "../../src/protocol/http/positions.ts";
import { endOfError, Unidirectional } from "../../src/protocol/http/unidirectional.ts";
import { EVENTS_WITH_IDS, NDJSON } from "../../src/protocol/http/writer.ts";
import { rawElements } from "../../src/protocol/json/raw-json.ts";
import { ERRORS } from "../../src/shared/codes.ts";
import { HTTP_STREAM_LIMITS } from "../../src/shared/limits.ts";

const NO_EXTRAS = { channels: [] as readonly string[], token: "", lastEventId: "" };

function requestOf(text = "", extras: Partial<typeof NO_EXTRAS> = {}) {
  const request = readConnectRequest(text, { ...NO_EXTRAS, ...extras });
  if (request === undefined) throw new Error("no connect request");
  return request;
}

const listener = (extras: Partial<typeof NO_EXTRAS> = {}, text = "") =>
  new Unidirectional(NDJSON, requestOf(text, extras));
const CONNECTED = '{"id":1,"connect":{"client":"c","version":"v","ping":25}}';

describe("connect requests", () => {
  test.each(["", "{}", "null", " \n", "{\n}"])("HTTP-16: %j is an empty one", (text) => {
    expect(connectCommand(requestOf(text))).toBe('{"connect":{},"id":1}');
  });

  test.each([
    "x",
    "[]",
    "1",
    '"a"',
    '{"token":1}',
    '{"subs":1}',
    '{"subs":{"a":{"token":1}}}',
    "{}{}",
    "{},1",
    '{},"publish":{"channel":"a"}',
  ])("HTTP-16: %j is none", (text) => expect(readConnectRequest(text, NO_EXTRAS)).toBeUndefined());

  test("HTTP-16: every digit of its data is kept, and its lines may break", () => {
    const text = '{"data":{"n":12345678901234567890},\n"name":"curl","headers":{"x-a":"1"}}';
    expect(connectCommand(requestOf(text))).toBe(
      '{"connect":{"data":{"n":12345678901234567890},"name":"curl","headers":{"x-a":"1"}},"id":1}',
    );
  });

  test("HTTP-16: channels and a token of the address are added, and those of `subs` are wanted too", () => {
    const request = requestOf('{"subs":{"$a":{"token":"t"},"b":{"recover":true,"offset":3,"epoch":"e"}}}', {
      channels: ["c"],
      token: "mine",
    });
    expect([...request.channels.keys()]).toEqual(["c", "$a", "b"]);
    expect(connectCommand(request)).toContain('"token":"mine"');
    expect(subscribeCommand(request, "$a", 2)).toBe(
      '{"subscribe":{"channel":"$a","token":"t","recoverable":true},"id":2}',
    );
    expect(subscribeCommand(request, "b", 3)).toBe(
      '{"subscribe":{"channel":"b","recoverable":true,"recover":true,"offset":3,"epoch":"e"},"id":3}',
    );
  });

  test("HTTP-17: an id that is none of ours means that every place is lost, and is no error", () => {
    const request = requestOf("", { channels: ["a"], lastEventId: "what?" });
    expect(subscribeCommand(request, "a", 2)).toContain('"recover":true,"epoch":"_"');
  });
});

describe("event ids", () => {
  test("HTTP-17: hold positions, whatever the channels are called", () => {
    const position = fc.record({ offset: fc.nat(), epoch: fc.string() });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: "grapheme" }), position), { minLength: 1, maxLength: 10 }),
        (entries) => {
          const positions = new Map(entries);
          const id = encodeEventId(positions);
          expect(id).toMatch(/^[\w-]*$/);
          if (id !== "") expect(decodeEventId(id)).toEqual(positions);
        },
      ),
    );
  });

  test("HTTP-17: one that would be too long is empty", () => {
    const many = (count: number) =>
      new Map(
        Array.from({ length: count }, (_, index) => [`news:${index}`, { offset: 1, epoch: "abcdefgh" }]),
      );
    expect(encodeEventId(many(90)).length).toBeLessThanOrEqual(HTTP_STREAM_LIMITS.eventId);
    expect([encodeEventId(many(90)) === "", encodeEventId(many(200))]).toEqual([false, ""]);
  });

  test.each(["", "!", "W10", "e30", "W1tdXQ", "W1siYSIsMSwyXV0", "W1siYSIsLTEsImUiXV0", "A".repeat(5_000)])(
    "HTTP-17: %j is none, or holds nothing",
    (id) => expect(decodeEventId(id)?.size ?? 0).toBe(0),
  );
});

describe("what a listener hears", () => {
  test("HTTP-15: a connect push, then each subscription, its recovered publications and live ones, bare", () => {
    const uni = listener({ channels: ["a", "b"] });
    expect(uni.write(CONNECTED)).toEqual({
      text: '{"connect":{"client":"c","version":"v","ping":25}}\n',
      answer:
        '{"subscribe":{"channel":"a","recoverable":true},"id":2}\n{"subscribe":{"channel":"b","recoverable":true},"id":3}',
      end: undefined,
    });
    const subscribed =
      '{"id":2,"subscribe":{"recoverable":true,"epoch":"e","publications":[{"data":1.0,"offset":2},{"data":{"n":12345678901234567890},"offset":3}],"recovered":true,"offset":1}}';
    expect(uni.write(`${subscribed}\n{"id":3,"subscribe":{}}`).text.split("\n")).toEqual([
      '{"channel":"a","subscribe":{"recoverable":true,"epoch":"e","recovered":true,"offset":1}}',
      '{"channel":"a","pub":{"data":1.0,"offset":2}}',
      '{"channel":"a","pub":{"data":{"n":12345678901234567890},"offset":3}}',
      '{"channel":"b","subscribe":{}}',
      "",
    ]);
    for (const push of ['"channel":"a","pub":{"data":1}', '"channel":"a","join":{"info":{}}', '"refresh":{}'])
      expect(uni.write(`{"push":{${push}}}`).text).toBe(`{${push}}\n`);
  });

  test("HTTP-15: what the server subscribes it to stands in the connect push, without what was missed", () => {
    const uni = listener({ channels: ["s", "a"] });
    const { text, answer } = uni.write(
      '{"id":1,"connect":{"client":"c","data":{"subs":{"s":{}}},"subs":{"s":{"recoverable":true,"epoch":"e","publications":[{"data":1,"offset":4}],"offset":3}},"ping":25}}',
    );
    expect(text.split("\n")).toEqual([
      '{"connect":{"client":"c","data":{"subs":{"s":{}}},"subs":{"s":{"recoverable":true,"epoch":"e","offset":3}},"ping":25}}',
      '{"channel":"s","pub":{"data":1,"offset":4}}',
      "",
    ]);
    expect(answer).toBe('{"subscribe":{"channel":"a","recoverable":true},"id":2}');
  });

  test("HTTP-15: pings, which are answered for it; the answer of the runtime is not told", () => {
    expect(listener().write("{}")).toEqual({ text: "{}\n", answer: "{}", end: undefined });
    expect(listener().write('{"push":{"channel":""}}').text).toBe("");
  });

  test("HTTP-17: an id where a position moves: of `connect`, `subscribe` and each publication that has one", () => {
    const uni = new Unidirectional(EVENTS_WITH_IDS, requestOf("", { channels: ["a"] }));
    const positions = (frame: string) =>
      Array.from(uni.write(frame).text.matchAll(/^(?:id: (.*)\n)?data: /gm), ([, id]) =>
        id === undefined ? undefined : [...(decodeEventId(id) ?? [])],
      );
    expect(positions(CONNECTED)).toEqual([[]]);
    expect(
      positions(
        '{"id":2,"subscribe":{"recoverable":true,"epoch":"e","offset":4,"publications":[{"data":1,"offset":5}]}}',
      ),
    ).toEqual([[["a", { offset: 4, epoch: "e" }]], [["a", { offset: 5, epoch: "e" }]]]);
    expect(positions('{"push":{"channel":"a","pub":{"data":1,"offset":6}}}')).toEqual([
      [["a", { offset: 6, epoch: "e" }]],
    ]);
    expect(positions('{"push":{"channel":"a","pub":{"data":1}}}\n{}')).toEqual([undefined, undefined]);
    expect(
      positions('{"push":{"channel":"a","unsubscribe":{"code":2502,"reason":"state invalidated"}}}'),
    ).toEqual([[["a", { offset: 0, epoch: "_" }]]]);
  });
});

describe("the place of a listener that has come back", () => {
  const idsOf = (uni: Unidirectional, frame: string) =>
    Array.from(uni.write(frame).text.matchAll(/^id: (.*)$/gm), ([, id = ""]) => [
      ...(decodeEventId(id) ?? []),
    ]);
  const lastEventId = encodeEventId(
    new Map(["a", "b", "gone"].map((channel) => [channel, { offset: 3, epoch: "e" }])),
  );

  test("HTTP-17: stays in each id until the subscription of the channel moves it", () => {
    const uni = new Unidirectional(
      EVENTS_WITH_IDS,
      requestOf("", { channels: ["a", "b", "c"], lastEventId }),
    );
    const [a, b] = [
      ["a", { offset: 3, epoch: "e" }],
      ["b", { offset: 3, epoch: "e" }],
    ];
    expect(idsOf(uni, CONNECTED)).toEqual([[a, b]]);
    expect(idsOf(uni, '{"id":2,"subscribe":{"recoverable":true,"epoch":"e","offset":5}}')).toEqual([
      [["a", { offset: 5, epoch: "e" }], b],
    ]);
    expect(idsOf(uni, '{"id":3,"subscribe":{}}')).toEqual([[["a", { offset: 5, epoch: "e" }]]]);
  });

  test("HTTP-17: is still lost when it is cut off again before it is told so", () => {
    const uni = new Unidirectional(EVENTS_WITH_IDS, requestOf("", { channels: ["a"], lastEventId: "what?" }));
    expect(idsOf(uni, CONNECTED)).toEqual([[["a", { offset: 0, epoch: "_" }]]]);
  });
});

describe("refusals", () => {
  test.each([
    [ERRORS.internal, 3004],
    [ERRORS.permissionDenied, 3507],
    [ERRORS.tokenExpired, 3005],
    [ERRORS.expired, 3005],
    [ERRORS.tooManyRequests, 3013],
    [{ code: 1_000, message: "banned" }, 3507],
    [{ code: 1_000, message: "busy", temporary: true }, 3004],
  ] as const)("HTTP-18: error %j of the connect ends the stream with %i", async (error, code) => {
    const uni = listener();
    expect(uni.write(JSON.stringify({ id: 1, error })).end?.code).toBe(code);
    uni.end(endOfError(error));
    expect((await uni.opened)?.code).toBe(code);
  });

  test("HTTP-18: a channel that is refused is unsubscribed; one that may be tried again ends the stream", () => {
    const uni = listener({ channels: ["a", "b"] });
    uni.write(CONNECTED);
    expect(uni.write('{"id":2,"error":{"code":103,"message":"permission denied"}}')).toMatchObject({
      text: '{"channel":"a","unsubscribe":{"code":2000,"reason":"permission denied"}}\n',
      end: undefined,
    });
    const busy = '{"id":3,"error":{"code":111,"message":"too many requests","temporary":true}}';
    expect(uni.write(busy).end?.code).toBe(3013);
  });

  test.each([
    [2000, undefined],
    [2500, 3010],
    [2501, 3010],
    [2502, 3010],
  ])("HTTP-18: a subscription that ends with %i ends the stream with %s", (code, end) => {
    const uni = listener();
    const written = uni.write(`{"push":{"channel":"a","unsubscribe":{"code":${code},"reason":"r"}}}`);
    expect([written.text, written.end?.code]).toEqual([
      `{"channel":"a","unsubscribe":{"code":${code},"reason":"r"}}\n`,
      end,
    ]);
  });

  test("HTTP-18: the end of a stream is a bare push", () => {
    expect(listener().end({ code: 1006, reason: "" })).toBe(
      '{"disconnect":{"code":3001,"reason":"shutdown"}}\n',
    );
  });
});

test("the elements of a list keep their digits, whatever stands between them", () => {
  expect(rawElements("[]")).toEqual([]);
  expect(rawElements(' [ 1.0 ,"a,]\\"" , [1,2],{"b":[3]}]')).toEqual([
    "1.0",
    '"a,]\\""',
    "[1,2]",
    '{"b":[3]}',
  ]);
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), (values) => {
      expect(rawElements(JSON.stringify(values)).map((text) => JSON.parse(text) as unknown)).toEqual(
        JSON.parse(JSON.stringify(values)),
      );
    }),
  );
});
