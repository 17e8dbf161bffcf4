import { describe, expect, onTestFinished, test, vi } from "vitest";
import { accessWith, FULL_ACCESS } from "../../src/api/access.ts";
import { type KeyBindings, readKeys } from "../../src/api/key-list.ts";
import { ApiKeys } from "../../src/api/keys.ts";
import { needsRight, RIGHTS } from "../../src/api/rights.ts";
import { API_METHODS } from "../../src/api/schemas.ts";

const accessOf = (request: Request, bindings: KeyBindings) => new ApiKeys().accessOf(request, bindings);

const accessTo = (channels: readonly string[], methods?: readonly string[]) =>
  accessWith({ name: "a", key: "k", channels: [...channels], ...(methods && { methods: [...methods] }) });

describe("what a key allows", () => {
  test.each([
    ["chat", "chat", true],
    ["chat", "chat:1", true],
    ["chat", "chat/1", true],
    ["chat", "chat#1", true],
    ["chat", "chatter:1", false],
    ["chat", "chat1", false],
    ["chat", "cha", false],
    ["chat", "$chat:1", false],
    ["chat", "Chat:1", false],
    ["chat:", "chat:1", true],
    ["chat:", "chat", false],
    ["chat:", "chatter:1", false],
    ["chat:4", "chat:4", true],
    ["chat:4", "chat:4/typing", true],
    ["chat:4", "chat:42", false],
    ["chat:4/", "chat:4/typing", true],
    ["$chat", "$chat:1", true],
  ])("API-03: with the prefix %s, %s: %s", (prefix, channel, allowed) => {
    expect(accessTo([prefix]).allows("publish", channel)).toBe(allowed);
    expect(accessTo(["other", prefix]).allows("publish", channel)).toBe(allowed);
  });

  test("API-03: methods are exact, and without a list all are allowed", () => {
    const reader = accessWith({ name: "a", key: "k", methods: ["history"] });
    expect(reader.allows("history", "chat:1")).toBe(true);
    expect(reader.allows("history_remove", "chat:1")).toBe(false);
    expect(accessWith({ name: "a", key: "k" }).allows("publish", undefined)).toBe(true);
    expect(accessWith({ name: "a", key: "k", methods: [] }).allows("publish", "chat:1")).toBe(false);
    expect(accessTo([]).allows("publish", "chat:1")).toBe(false);
    expect(FULL_ACCESS.allows("anything", undefined)).toBe(true);
  });

  test("API-03: what is about no single channel needs a key that names the method, where the key has channels", () => {
    expect(accessTo(["chat"]).allows("disconnect", undefined)).toBe(false);
    expect(accessTo(["chat"], ["disconnect"]).allows("disconnect", undefined)).toBe(true);
    expect(accessTo(["chat"], ["publish"]).allows("disconnect", undefined)).toBe(false);
  });
});

describe("what a key allows of rooms", () => {
  const key = { name: "a", key: "k" };
  const roomMethods = ["room_publish", "room_sockets", "room_close", "room_call"];

  test.each([
    ["chat", "chat/lobby", true],
    ["chat/", "chat/lobby", true],
    ["chat/lobby", "chat/lobby", true],
    ["chat/lobby", "chat/lobby:2", true],
    ["chat/lobby", "chat/lobby2", false],
    ["chat", "chatter/lobby", false],
    ["lobby", "chat/lobby", false],
  ])("OUTSIDE-08: with the prefix %s, %s: %s", (prefix, room, allowed) => {
    const access = accessWith({ ...key, methods: ["room_call"], rooms: ["other", prefix] });
    expect(access.allowsRoom("room_call", room)).toBe(allowed);
    expect(access.allowsRoom("room_close", room)).toBe(false);
  });

  test("OUTSIDE-08: no key that was there before reaches a room", () => {
    for (const before of [
      key,
      { ...key, channels: ["chat"] },
      { ...key, methods: ["publish", "batch"] },
      { ...key, methods: roomMethods },
      { ...key, methods: roomMethods, channels: ["chat", "chat/lobby"] },
      { ...key, methods: roomMethods, rooms: [] },
    ]) {
      for (const method of roomMethods)
        expect(accessWith(before).allowsRoom(method, "chat/lobby"), JSON.stringify(before)).toBe(false);
    }
    expect(FULL_ACCESS.allowsRoom("room_call", "chat/lobby")).toBe(true);
  });
});

describe("which keys there are", () => {
  const list = JSON.stringify([
    { name: "b", key: "two", methods: ["publish"] },
    { name: "c", key: "three" },
  ]);
  const request = (key: string) => new Request("https://gateway.test/api", { headers: { "X-API-Key": key } });

  test("API-01: one key, a list of keys, or both", async () => {
    expect(readKeys({})).toEqual([]);
    expect(readKeys({ API_KEY: "one", API_KEYS: list }).map(({ name }) => name)).toEqual([
      "API_KEY",
      "b",
      "c",
    ]);
    const nameOf = async (key: string) =>
      (await accessOf(request(key), { API_KEY: "one", API_KEYS: list }))?.name;
    expect(await Promise.all(["one", "two", "three", "four", "on", "one1"].map(nameOf))).toEqual([
      "API_KEY",
      "b",
      "c",
      undefined,
      undefined,
      undefined,
    ]);
  });

  test.each([
    "{}",
    "[",
    '[{"key":"a"}]',
    '[{"name":"a","key":""}]',
    '[{"name":"a","key":"a","channel":["b"]}]',
    '[{"name":"b","key":"b"},{"name":"a","key":"a","methods":["publish",1]}]',
  ])("API-02 API-51: the list %s opens nothing", async (API_KEYS) => {
    expect(readKeys({ API_KEYS })).toEqual([]);
    for (const key of ["a", ""]) expect(await accessOf(request(key), { API_KEYS })).toBeUndefined();
  });

  test.each([
    ["PRIVATE", "API_KEYS: must be a list in JSON"],
    ['{"PRIVATE":1}', "API_KEYS: must be a list in JSON"],
    [
      '[{"name":"a"}]',
      "API_KEYS[0].key: a key has name and key, and besides only methods, channels and rooms",
    ],
    [
      '[{"name":"a","key":"PRIVATE","PRIVATE":1}]',
      "API_KEYS[0]: a key has name and key, and besides only methods, channels and rooms",
    ],
    ['[{"name":"a","key":"PRIVATE","rooms":["chat/"]}]', "API_KEYS[0]: a key with rooms has methods"],
    ['[{"name":"a","key":""}]', "API_KEYS[0].key: is empty"],
    ['[{"name":"a","key":"PRIVATE","channels":"PRIVATE"}]', "API_KEYS[0].channels: must be a list in JSON"],
    [
      '[{"name":"a","key":"PRIVATE"},{"name":"b","key":"PRIVATE","methods":["publish",1]}]',
      "API_KEYS[1].methods[1]: must be text",
    ],
  ])("API-51: the log says where the list %s is wrong, and nothing of what is in it", (API_KEYS, why) => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    onTestFinished(() => log.mockRestore());
    expect(readKeys({ API_KEYS })).toEqual([]);
    expect(log.mock.calls).toEqual([[JSON.stringify({ event: "api.keys_unreadable", why })]]);
    expect(why).not.toContain("PRIVATE");
  });

  test("API-51 RIGHT-03: every method of the API may be named, unless it needs a right, and metrics", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    onTestFinished(() => log.mockRestore());
    const methods = [...API_METHODS.filter((method) => !needsRight(method)), "metrics", ...RIGHTS];
    const API_KEYS = JSON.stringify([{ name: "a", key: "k", methods }]);
    expect(readKeys({ API_KEYS })).toEqual([{ name: "a", key: "k", methods }]);
    expect(log).not.toHaveBeenCalled();
  });

  test("RIGHT-05 API-51: a mistake in one list takes no key from the other", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    onTestFinished(() => log.mockRestore());
    expect(readKeys({ API_KEYS: list, OPERATOR_KEYS: "[" }).map(({ name }) => name)).toEqual(["b", "c"]);
    expect(readKeys({ API_KEYS: "[", OPERATOR_KEYS: list }).map(({ name }) => name)).toEqual(["b", "c"]);
    expect(log.mock.calls.flat().map((line) => JSON.parse(String(line)).why)).toEqual([
      "OPERATOR_KEYS: must be a list in JSON",
      "API_KEYS: must be a list in JSON",
    ]);
  });

  test("API-01: the header X-API-Key comes before Authorization, and that before the query", async () => {
    const bindings = { API_KEY: "right" };
    const query = "https://gateway.test/api?api_key=";
    const nameOf = async (url: string, headers: Record<string, string>) =>
      (await accessOf(new Request(url, { headers }), bindings))?.name;
    expect(await nameOf(`${query}wrong`, { Authorization: "apikey right" })).toBe("API_KEY");
    expect(await nameOf(`${query}right`, { Authorization: "apikey wrong" })).toBeUndefined();
    expect(await nameOf(`${query}right`, { "X-API-Key": "wrong" })).toBeUndefined();
    expect(await nameOf(`${query}right`, { Authorization: "Basic abc" })).toBe("API_KEY");
  });
});
