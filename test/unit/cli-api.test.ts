import { describe, expect, test } from "vitest";
import { readAnswer, whyUnreached } from "../../cli/api/client.ts";
import { wordsOf } from "../../cli/api/failure-words.ts";
import { payloadsOf } from "../../cli/api/payloads.ts";
import { counted, table } from "../../cli/print/table.ts";

const said = (text: string, init?: ResponseInit) => {
  const { body } = readAnswer(new Response(text, init), text);
  return "error" in body ? wordsOf(body.error) : body.result;
};

describe("CLI-23: what an answer says", () => {
  test.each([
    ['{"result":{"offset":1}}', {}, { offset: 1 }],
    ['{"error":{"code":999,"message":"of a later gateway"}}', {}, "error 999: of a later gateway"],
    ["unauthorized", { status: 401 }, expect.stringMatching(/^error 401: unauthorized \(.*POORWILL_API_KEY/)],
    ["too many requests", { status: 429 }, expect.stringContaining("API_RATE")],
    ["<html>a page</html>", { status: 502, statusText: "Bad Gateway" }, "error 502: Bad Gateway"],
    ["<html>a page</html>", {}, "what answers is not the API of a gateway"],
    ['{"error":"of something else"}', {}, "what answers is not the API of a gateway"],
    ["null", {}, "what answers is not the API of a gateway"],
    [
      "",
      { status: 301, headers: { Location: "https://b.example" } },
      "error 301: the gateway is at https://b.example",
    ],
  ])("%s", (text, init, expected) => expect(said(text, init)).toEqual(expected));

  test("an answer is handed on as it came", () => {
    const text = '{"result":{"publications":[{"data":12345678901234567890}]}}';
    expect(readAnswer(new Response(), `${text}\n`).text).toBe(text);
    expect(payloadsOf(text)(["result", "publications", 0, "data"])).toBe("12345678901234567890");
    expect(payloadsOf(text)(["result", "publications", 0, "info"])).toBe("");
  });

  test("why nothing answered is what the system says", () => {
    const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    expect(whyUnreached("https://a.example", new TypeError("fetch failed", { cause: refused }))).toBe(
      "https://a.example cannot be reached: ECONNREFUSED",
    );
    expect(
      whyUnreached("https://a.example", AbortSignal.abort(new DOMException("", "TimeoutError")).reason),
    ).toBe("https://a.example has not answered in 45 s");
  });
});

describe("CLI-24: tables", () => {
  test("numbers stand to the right, and nothing in a cell is obeyed", () => {
    expect(
      table(
        ["COUNT", "NAME"],
        [
          [12345, "a\x1b[31m\n\u202eb"],
          [1, "c"],
        ],
      ),
    ).toEqual([" COUNT  NAME", "12,345  aU+001B[31m\\nU+202Eb", "     1  c"]);
  });

  test("one is one, and all else many", () => {
    expect([0, 1, 1000].map((count) => counted(count, "hub"))).toEqual(["0 hubs", "1 hub", "1,000 hubs"]);
  });
});
