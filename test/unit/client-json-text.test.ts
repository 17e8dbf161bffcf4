import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dataToText, textToData } from "../../src/client/channels/data-text.ts";
import { compactJson, findJsonProblem, prettyJson } from "../../src/client/json-text.ts";

const EXACT = ["9007199254740993", "1e400", "-0", "1.10", "-0.0e+0", "123456789012345678901234567890"];

describe("JSON that is laid out", () => {
  test.each(EXACT)("PAGE-40: %s keeps its digits", (number) => {
    expect(prettyJson(`{"n":[${number},${number}]}`)).toBe(
      `{\n  "n": [\n    ${number},\n    ${number}\n  ]\n}`,
    );
    expect(prettyJson(number)).toBe(number);
  });

  test("PAGE-40: whatever the value, it looks as JSON.stringify would have it, and compact it is as before", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const compact = JSON.stringify(JSON.parse(json));
        const pretty = JSON.stringify(JSON.parse(json), null, 2);
        expect(prettyJson(compact)).toBe(pretty);
        expect(prettyJson(pretty)).toBe(pretty);
        expect(compactJson(pretty)).toBe(compact);
      }),
    );
  });

  test("PAGE-40: members that come twice, escapes and quotes in strings stay as they were written", () => {
    expect(prettyJson(' { "a" : "\\u0041 \\" { , " , "a" : [ ] } ')).toBe(
      '{\n  "a": "\\u0041 \\" { , ",\n  "a": []\n}',
    );
  });

  test("PAGE-40: however deep JSON is, laying it out makes it a bounded number of times as long", () => {
    const deep = `${'[{"a":'.repeat(50_000)}1${"}]".repeat(50_000)}`;
    expect(prettyJson(deep).length).toBeLessThan(deep.length + 100 * 2 * 100 * 3);
    expect(compactJson(prettyJson(deep))).toBe(deep);
  });

  test("PAGE-40: what is no JSON is told", () => {
    expect(findJsonProblem("[1e400, -0]")).toBeUndefined();
    expect(findJsonProblem("{oops")).toMatch(/^Not JSON: /);
  });
});

describe("data between the wire and the SDK", () => {
  test.each(EXACT)("PAGE-40: %s reaches the page as it was sent, wherever publications are", (number) => {
    const data = `{"n": ${number}}`;
    const frame = [
      `{"push":{"channel":"a","pub":{"data":${data},"offset":1}}}`,
      `{"id":1,"subscribe":{"publications":[{"data":${data}},{"offset":2,"data":${data}}],"data":1}}`,
      `{"id":2,"history":{"publications":[{"data":${data}}],"offset":3}}`,
      `{"id":3,"connect":{"subs":{"data":{"publications":[{"data":${data}}]}},"data":{}}}`,
    ].join("\n");
    const lines = dataToText(frame)
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { push: { channel: "a", pub: { data, offset: 1 } } },
      { subscribe: { publications: [{ data }, { offset: 2, data }], data: 1 } },
      { history: { publications: [{ data }], offset: 3 } },
      { connect: { subs: { data: { publications: [{ data }] } }, data: {} } },
    ]);
  });

  test.each(EXACT)("PAGE-40: %s is published as it was written", (number) => {
    const frame = JSON.stringify({ publish: { channel: "a", data: `[${number}]` }, id: 1 });
    expect(textToData(`${frame}\n{}`)).toBe(`{"publish":{"channel":"a","data":[${number}]},"id":1}\n{}`);
  });

  test("PAGE-40: any data comes through, and nothing else of the frame is touched", () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (data, info) => {
        const frame = `{"push":{"channel":"a","pub":{"info":${info},"data":${data}}}}`;
        expect(JSON.parse(dataToText(frame))).toEqual({
          push: { channel: "a", pub: { info: JSON.parse(info), data } },
        });
      }),
    );
  });

  test("PAGE-40: what is no JSON ends, and nothing is made of it", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...'{}[],:"\\ 1a', '"data"', '"pub"', '"push"')), (parts) => {
        dataToText(parts.join(""));
        dataToText(`{"push":${parts.join("")}`);
      }),
    );
    expect(dataToText('{"data"')).toBe('{"data"');
  });
});
