import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCommands } from "../../src/protocol/json/decode.ts";

const one = (text: string) => decodeCommands(text)?.[0];

describe("lines", () => {
  test("PROTO-01: a message holds one command on a line, in order", () => {
    expect(decodeCommands('{"unsubscribe":{"channel":"a"},"id":1}\n{}\n{"send":{"data":2}}')).toEqual([
      { kind: "unsubscribe", id: 1, channel: "a" },
      { kind: "pong" },
      { kind: "send", data: "2" },
    ]);
  });

  test("PROTO-01: one line break at the end is allowed", () => {
    expect(decodeCommands("{}\n")).toEqual([{ kind: "pong" }]);
  });

  test.each(["", "\n", "{}\n\n", "\n{}", "{}\n\n{}", "{", "[]", "null", "1", '"a"', "{}{}", "{} x"])(
    "PROTO-02: %j cannot be read",
    (text) => {
      expect(decodeCommands(text)).toBeUndefined();
    },
  );

  test("PROTO-02: one bad line spoils the message", () => {
    expect(decodeCommands('{"unsubscribe":{"channel":"a"},"id":1}\nnope')).toBeUndefined();
  });

  test("PROTO-01: commands on lines are the commands of each line", () => {
    const line = fc.oneof(
      fc.constant("{}"),
      fc.record({ send: fc.record({ data: fc.jsonValue() }) }).map((command) => JSON.stringify(command)),
      fc
        .record({
          publish: fc.record({ channel: fc.string(), data: fc.jsonValue() }),
          id: fc.integer({ min: 1 }),
        })
        .map((command) => JSON.stringify(command)),
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), (lines) => {
        expect(decodeCommands(lines.join("\n"))).toEqual(lines.flatMap((text) => decodeCommands(text)));
      }),
    );
  });
});

describe("dispatch", () => {
  test.each(["{}", '{"id":0}', '{"id":null}', '{"publish":{"channel":"a","data":1}}', '{"id":0,"ping":{}}'])(
    "PROTO-03: %s, without id and send, is a pong",
    (text) => {
      expect(one(text)).toEqual({ kind: "pong" });
    },
  );

  test("PROTO-03: send needs no id", () => {
    expect(one('{"send":{"data":{"a":1}}}')).toEqual({ kind: "send", data: '{"a":1}' });
    expect(one('{"id":7,"send":{}}')).toEqual({ kind: "send", data: undefined });
  });

  test.each([
    ["connect", "subscribe"],
    ["subscribe", "unsubscribe"],
    ["unsubscribe", "publish"],
    ["publish", "presence"],
    ["presence", "presence_stats"],
    ["presence_stats", "history"],
    ["send", "rpc"],
    ["rpc", "refresh"],
    ["refresh", "sub_refresh"],
  ])("PROTO-04: %s wins over %s", (first, second) => {
    expect(one(`{"${second}":{},"${first}":{},"id":1}`)?.kind).toBe(first);
  });

  test("PROTO-04: a request that is null is not there", () => {
    expect(one('{"connect":null,"subscribe":{},"id":1}')?.kind).toBe("subscribe");
  });

  test.each([
    '{"id":1}',
    '{"id":1,"ping":{}}',
    '{"id":1,"ping":{},"rpc":{}}',
    '{"id":1,"dance":{}}',
    '{"id":1,"rpc":null}',
  ])("PROTO-04: %s has no request that may be made", (text) => {
    expect(decodeCommands(text)).toBeUndefined();
  });

  test("PROTO-03: a request other than send needs an id, also beside send", () => {
    expect(decodeCommands('{"connect":{},"send":{}}')).toBeUndefined();
  });

  test.each(["-1", "1.5", "1e-2", "4294967296", "99999999999999999999", '"1"', "true", "{}", "[]"])(
    "PROTO-05: %s is no id",
    (id) => {
      expect(decodeCommands(`{"rpc":{},"id":${id}}`)).toBeUndefined();
      expect(decodeCommands(`{"publish":{"channel":"a","data":1},"id":${id}}`)).toBeUndefined();
    },
  );

  test("PROTO-05: an id has up to 32 bits", () => {
    expect(one('{"rpc":{},"id":4294967295}')).toMatchObject({ id: 4294967295 });
    expect(one('{"publish":{"channel":"a","data":1},"id":4294967295}')).toMatchObject({ id: 4294967295 });
  });
});

describe("fields", () => {
  const zero = {
    connect: { token: "", data: undefined, subs: new Map(), name: "", version: "" },
    subscribe: {
      ...{ channel: "", token: "", recover: undefined, positioned: false, recoverable: false },
      ...{ joinLeave: false, data: undefined, type: 0, delta: "", hasTagsFilter: false, flag: 0 },
    },
    unsubscribe: { channel: "" },
    publish: { channel: "", data: undefined },
    presence: { channel: "" },
    presence_stats: { channel: "" },
    history: { channel: "", limit: 0, since: undefined, reverse: false },
    rpc: { method: "", data: undefined },
    refresh: { token: "" },
    sub_refresh: { channel: "", token: "" },
  };

  test.each(Object.entries(zero))("PROTO-06: absent members of %s have their zero values", (kind, fields) => {
    expect(one(`{"${kind}":{},"id":1}`)).toEqual({ kind, id: 1, ...fields });
  });

  test.each([
    ...["token", "name", "version", "data", "subs"].map((field) => ["connect", field]),
    ...["channel", "token", "recover", "epoch", "offset", "data", "positioned"].map((field) => [
      "subscribe",
      field,
    ]),
    ...["recoverable", "join_leave", "delta", "tf", "flag", "type"].map((field) => ["subscribe", field]),
    ...["channel", "data"].map((field) => ["publish", field]),
    ...["channel", "limit", "since", "reverse"].map((field) => ["history", field]),
  ] as const)("PROTO-06: null in %s.%s is as absent", (kind, field) => {
    expect(one(`{"${kind}":{"${field}":null},"id":1}`)).toEqual(one(`{"${kind}":{},"id":1}`));
  });

  test.each([
    ["connect", "token", "1"],
    ["connect", "token", "{}"],
    ["connect", "subs", "[]"],
    ["connect", "subs", "1.0"],
    ["connect", "subs", '{"a":1}'],
    ["connect", "subs", '{"a":{"recover":1}}'],
    ["subscribe", "channel", "1"],
    ["subscribe", "recover", '"true"'],
    ["subscribe", "recover", "1"],
    ["subscribe", "offset", "-1"],
    ["subscribe", "offset", "1.5"],
    ["subscribe", "offset", "9007199254740993"],
    ["subscribe", "offset", '"1"'],
    ["subscribe", "epoch", "1"],
    ["subscribe", "tf", "true"],
    ["subscribe", "flag", "true"],
    ["publish", "channel", "null1"],
    ["history", "limit", '"1"'],
    ["history", "since", "1"],
    ["history", "since", '{"offset":-1}'],
    ["rpc", "method", "[]"],
  ])("PROTO-06: %s.%s cannot be %s", (kind, field, value) => {
    expect(decodeCommands(`{"${kind}":{"${field}":${value}},"id":1}`)).toBeUndefined();
  });

  test.each(["1", "[]", '"a"', "true", "1.0", "12345678901234567890"])(
    "PROTO-06: a request cannot be %s",
    (value) => {
      expect(decodeCommands(`{"rpc":${value},"id":1}`)).toBeUndefined();
    },
  );

  test("PROTO-06: all members are read, unknown ones are passed over", () => {
    const subscribe = {
      ...{ channel: "a", token: "t", recover: true, epoch: "e", offset: 5, data: { x: 1 }, positioned: true },
      ...{
        recoverable: true,
        join_leave: true,
        delta: "fossil",
        tf: {},
        flag: 3,
        type: 1,
        phase: 2,
        cursor: "c",
      },
    };
    expect(one(JSON.stringify({ subscribe, id: 2 }))).toEqual({
      ...{ kind: "subscribe", id: 2, channel: "a", token: "t", recover: { offset: 5, epoch: "e" } },
      ...{ positioned: true, recoverable: true, joinLeave: true, data: '{"x":1}', type: 1, delta: "fossil" },
      ...{ hasTagsFilter: true, flag: 3 },
    });
    const history = { channel: "a", limit: -1, since: { offset: 3, epoch: "e" }, reverse: true };
    expect(one(JSON.stringify({ id: 3, history }))).toEqual({ kind: "history", id: 3, ...history });
  });

  test("PROTO-06: connect.subs gives positions of those to recover, whatever their names", () => {
    const text =
      '{"connect":{"subs":{"a":{"recover":true,"offset":2,"epoch":"e"},"b":{"offset":1},"__proto__":{"recover":true}}},"id":1}';
    const command = one(text);
    expect(command?.kind === "connect" && [...command.subs]).toEqual([
      ["a", { offset: 2, epoch: "e" }],
      ["__proto__", { offset: 0, epoch: "" }],
    ]);
  });
});

test("PROTO-07: no text makes the decoder throw", () => {
  const noise = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string(),
    fc.json(),
    fc
      .array(
        fc.constantFrom(...'{}[]":,\n\r 0-1.e\\ntu', '"id":', '"publish":', '"channel":', '"data":', "null"),
      )
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(noise, (text) => {
      const commands = decodeCommands(text);
      expect(commands === undefined || commands.length > 0).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

describe("commands that are too much", () => {
  const deep = (depth: number, inner = "") => "[".repeat(depth) + inner + "]".repeat(depth);
  const rpc = (bytes: number) => {
    const [head, tail] = ['{"rpc":{"data":"', '"},"id":1}'];
    return head + "x".repeat(bytes - head.length - tail.length) + tail;
  };

  test.each(["", "1.0"])(
    "PROTO-20: a payload of 100 levels (%j in it) is read, a deeper one is told by its id",
    (inner) => {
      for (const command of ['{"rpc":{"data":#},"id":1}', '{"publish":{"channel":"a","data":#},"id":1}']) {
        expect(one(command.replace("#", deep(100, inner)))).toMatchObject({ data: deep(100, inner) });
        expect(one(command.replace("#", deep(101, inner)))).toEqual({ kind: "invalid", id: 1 });
        expect(one(command.replace("#", deep(60_000, inner)))).toEqual({ kind: "invalid", id: 1 });
      }
    },
  );

  test("PROTO-20: a command of 65,536 bytes is read, a longer one is told by its id, and the others are read", () => {
    expect(one(rpc(65_536))).toMatchObject({ kind: "rpc", id: 1 });
    expect(decodeCommands(`{"refresh":{},"id":2}\n${rpc(65_537)}\n{}`)).toEqual([
      { kind: "refresh", id: 2, token: "" },
      { kind: "invalid", id: 1 },
      { kind: "pong" },
    ]);
    expect(one(rpc(65_500).replace("xxxxxxxxxxxxxxxxxxxx", "éééééééééééééééééééé"))).toMatchObject({
      kind: "rpc",
    });
    expect(one(`{"publish":{"channel":"a","data":"${"é".repeat(33_000)}"},"id":1}`)).toEqual({
      kind: "invalid",
      id: 1,
    });
  });

  test("PROTO-20: a connect may be as long as its message", () => {
    const subs = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, n) => [
        `a long name of a channel ${n}`,
        { recover: true, offset: n },
      ]),
    );
    const command = one(JSON.stringify({ id: 1, connect: { subs } }));
    expect(command?.kind === "connect" && command.subs.size).toBe(2_000);
  });

  test("PROTO-20: what has no id to be answered with cannot be read", () => {
    expect(decodeCommands(`{"send":{"data":"${"x".repeat(65_536)}"}}`)).toBeUndefined();
    expect(decodeCommands(`{"send":{"data":${deep(101)}}}`)).toBeUndefined();
    expect(decodeCommands(`{"unknown":"${"x".repeat(65_536)}"}`)).toBeUndefined();
    expect(decodeCommands(deep(60_000))).toBeUndefined();
    expect(decodeCommands("[".repeat(60_000))).toBeUndefined();
  });
});

test("PROTO-22: numbers that must keep their digits take no more than a few times as long as JSON.parse", () => {
  const data = `[1.0,${Array(20_000).fill("[]").join(",")}]`;
  const line = `{"id":1,"rpc":{"data":${data}}}`;
  const fastest = (work: () => unknown) =>
    Math.min(
      ...Array.from({ length: 20 }, () => {
        const start = performance.now();
        work();
        return performance.now() - start;
      }),
    );
  const parsed = fastest(() => JSON.parse(line));
  expect(fastest(() => decodeCommands(line))).toBeLessThan(6 * parsed);
});
