import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkChannelName, parseChannel, personalChannel } from "../../src/channels/names.ts";

describe("parts of a name", () => {
  test.each([
    ["news", "", "news", false, undefined, "news"],
    ["chat:42", "chat", "42", false, undefined, "chat:42"],
    ["chat:a:b", "chat", "a:b", false, undefined, "chat:a:b"],
    ["$chat:42", "chat", "42", true, undefined, "$chat:42"],
    ["$secret", "", "secret", true, undefined, "$secret"],
    ["a$b", "", "a$b", false, undefined, "a$b"],
    [":x", "", "x", false, undefined, ":x"],
    ["dialog#1,2", "", "dialog#1,2", false, ["1", "2"], "dialog#1,2"],
    ["chat:dialog#1,2", "chat", "dialog#1,2", false, ["1", "2"], "chat:dialog#1,2"],
    ["#42", "", "#42", false, ["42"], "#42"],
    ["a#1#2", "", "a#1#2", false, ["2"], "a#1#2"],
    ["a#", "", "a#", false, [], "a#"],
    ["a#,1,", "", "a#,1,", false, ["1"], "a#,1,"],
    ["chat:42/typing", "chat", "42/typing", false, undefined, "chat:42"],
    ["chat:42/a/b", "chat", "42/a/b", false, undefined, "chat:42"],
    ["/a", "", "/a", false, undefined, ""],
    ["", "", "", false, undefined, ""],
  ])("CHAN-01: %s", (name, namespace, rest, isPrivate, users, key) => {
    expect(parseChannel(name)).toEqual({ name, namespace, rest, isPrivate, users, key });
  });

  test("CHAN-01: any text is a name, and its key begins it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        const channel = parseChannel(name);
        expect(channel.name).toBe(name);
        expect(name.startsWith(channel.key)).toBe(true);
        expect(channel.key).not.toContain("/");
        expect(parseChannel(`${channel.key}/typing`).key).toBe(channel.key);
        expect(channel.users ?? []).not.toContain("");
      }),
    );
  });
});

describe("what a channel may be called", () => {
  const check = (name: string, regex?: RegExp) => checkChannelName(parseChannel(name), regex);

  test.each([
    ["", undefined, "empty"],
    ["a", undefined, "ok"],
    ["a".repeat(255), undefined, "ok"],
    ["a".repeat(256), undefined, "too long"],
    ["é".repeat(127), /é/, "ok"],
    ["é".repeat(128), /é/, "too long"],
    ["é".repeat(128), undefined, "too long"],
    ["é", undefined, "bad characters"],
    ["\u007f", undefined, "ok"],
    ["\u0080", undefined, "bad characters"],
    ["chat:42", /^\d+$/, "ok"],
    ["$chat:42", /^\d+$/, "ok"],
    ["chat:x", /^\d+$/, "bad characters"],
    ["\ud800", /./, "bad characters"],
  ] as const)("CHAN-02: %j under %s is %s", (name, regex, result) => {
    expect(check(name, regex)).toBe(result);
  });
});

describe("personal channels", () => {
  test.each([
    ["", "42", "#42"],
    ["user", "42", "user:#42"],
    ["user", "a:b", "user:#a:b"],
    ["", "a:b", undefined],
    ["user", "", undefined],
    ["user", "a,b", undefined],
    ["user", "a#b", undefined],
  ])("CHAN-03: in %j, user %j has %j", (namespace, user, channel) => {
    expect(personalChannel(namespace, user)).toBe(channel);
  });

  test("CHAN-03: a personal channel is its user's alone", () => {
    fc.assert(
      fc.property(fc.constantFrom("", "user"), fc.string(), (namespace, user) => {
        const channel = personalChannel(namespace, user);
        if (channel === undefined) return;
        expect(parseChannel(channel)).toMatchObject({ namespace, users: [user] });
      }),
    );
  });
});
