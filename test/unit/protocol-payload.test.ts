import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCommands } from "../../src/protocol/json/decode.ts";

function dataOf(text: string): string | undefined {
  const command = decodeCommands(text)?.[0];
  if (command?.kind !== "publish" && command?.kind !== "rpc") throw new Error(`unreadable: ${text}`);
  if (typeof command.data === "object") throw new Error("not text");
  return command.data;
}

/** The same payload as different SDKs send it. */
const shapes: Record<string, (data: string) => string> = {
  "publish of centrifuge-js": (data) => `{"publish":{"channel":"a","data":${data}},"id":1}`,
  "publish of centrifuge-go": (data) => `{"id":1,"publish":{"channel":"a","data":${data}}}`,
  "publish of centrifuge-python": (data) => `{"id": 1, "publish": {"channel": "a", "data": ${data}}}`,
  rpc: (data) => `{"rpc":{"data":${data},"method":"m"},"id":1}`,
};

const digits = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: min, maxLength: max });

/** Number literals in every way in which JSON can write them. */
const literal = fc
  .tuple(
    fc.constantFrom("", "-"),
    fc.oneof(
      fc.constant("0"),
      fc.tuple(fc.constantFrom(..."123456789"), digits(0, 22)).map(([first, more]) => first + more),
    ),
    fc.oneof(
      fc.constant(""),
      digits(1, 22).map((text) => `.${text}`),
    ),
    fc.oneof(
      fc.constant(""),
      fc.tuple(fc.constantFrom("e", "E", "e+", "e-"), digits(1, 3)).map((parts) => parts.join("")),
    ),
  )
  .map((parts) => parts.join(""));

const { json } = fc.letrec<{ json: string; list: string; object: string }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small" },
    literal,
    fc.string({ unit: "grapheme" }).map((text) => JSON.stringify(text)),
    fc.constantFrom("true", "false"),
    tie("list"),
    tie("object"),
  ),
  list: fc.array(fc.oneof(tie("json"), fc.constant("null"))).map((items) => `[${items.join(",")}]`),
  object: fc
    .uniqueArray(
      fc.tuple(
        fc.oneof(
          fc.string().map((text) => `k${text}`),
          fc.constant("__proto__"),
        ),
        tie("json"),
      ),
      {
        selector: ([key]) => key,
      },
    )
    .map((entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`),
}));

describe.each(Object.entries(shapes))("%s", (_name, shape) => {
  test("PROTO-08: a payload keeps its text, each number as it was written", () => {
    fc.assert(
      fc.property(json, (data) => {
        expect(dataOf(shape(data))).toBe(data);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ...["0", "-0", "-0.0", "1.0", "0.10", "1e5", "1E+2", "-1e-7", "0.0000001", "0.000001", "1e400", "100"],
    ...["9007199254740993", "12345678901234567890", "0.1234567890123456789", "1234567.890123456789", "-1.50"],
    ...["[1.0,2]", '{"a":-0}', '{"a":[ -0]}', "[0.30000000000000004]"],
  ])("PROTO-08: %s is kept", (data) => {
    expect(dataOf(shape(data))?.replaceAll(" ", "")).toBe(data.replaceAll(" ", ""));
  });

  test("PROTO-09: a payload that is null is none, in whatever space", () => {
    expect(dataOf(shape("null"))).toBeUndefined();
    expect(dataOf(shape(" null "))).toBeUndefined();
    expect(dataOf(shape('""'))).toBe('""');
    expect(dataOf(shape("false"))).toBe("false");
  });

  test("PROTO-10: a payload holds no line breaks, and says the same", () => {
    const spaced = fc.tuple(fc.jsonValue(), fc.constantFrom("\r", "\t", "  ")).map(([value, space]) => {
      return JSON.stringify(value, undefined, space === "\r" ? "\t" : space).replaceAll("\n", space);
    });
    fc.assert(
      fc.property(spaced, (text) => {
        const data = dataOf(shape(text));
        expect(data ?? "null").not.toMatch(/[\r\n]/);
        expect(JSON.parse(data ?? "null")).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe("the shape of a publish is not taken for another", () => {
  test.each([
    ['{"publish":{"channel":"a","data":1},"rpc":{"a":2},"id":5}', { id: 5, channel: "a", data: "1" }],
    ['{"publish":{"channel":"a","data":1,"key":"k"},"id":5}', { id: 5, channel: "a", data: "1" }],
    ['{"publish":{"channel":"a","data":1,"data":2},"id":5}', { id: 5, channel: "a", data: "2" }],
    ['{"publish":{"channel":"a","data":1,"channel":"b"},"id":5}', { id: 5, channel: "b", data: "1" }],
    ['{"publish":{"channel":"a","data":1},"id":4,"id":5}', { id: 5, channel: "a", data: "1" }],
    ['{"publish":{"channel":"\\u0061","data":1},"id":5}', { id: 5, channel: "a", data: "1" }],
    ['{"publish":{"channel":"é\u{1f600}","data":1},"id":5}', { id: 5, channel: "é\u{1f600}", data: "1" }],
    [
      '{"publish":{"channel":"","data":"},\\"id\\":9}"},"id":5}',
      { id: 5, channel: "", data: '"},\\"id\\":9}"' },
    ],
  ])("PROTO-04: %s", (text, expected) => {
    expect(decodeCommands(text)).toEqual([{ kind: "publish", ...expected }]);
  });

  test.each([
    '{"publish":{"channel":"a","data":},"id":5}',
    '{"publish":{"channel":"a","data":1}},"id":5}',
    '{"publish":{"channel":"a\tb","data":1},"id":5}',
    '{"publish":{"channel":"a","data":1},"id":05}',
    '{"publish":{"channel":"a","data":{},"id":5}',
  ])("PROTO-02: %j cannot be read", (text) => {
    expect(decodeCommands(text)).toBeUndefined();
  });
});
