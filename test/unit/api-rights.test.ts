import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Access, accessWith, FULL_ACCESS, rightsOf, tokenAccess } from "../../src/api/access.ts";
import { readKeys } from "../../src/api/key-list.ts";
import { RIGHTS } from "../../src/api/rights.ts";
import { API_METHODS } from "../../src/api/schemas.ts";

const key = { name: "a", key: "k" };
const withMethods = (...methods: string[]) => ({ ...key, methods });
const rightsIn = (access: Access, channel?: string) =>
  RIGHTS.filter((right) => access.hasRight(right, channel));
const NEEDS_A_RIGHT = [
  "overview",
  "overview_channels",
  "user_connections",
  "block_user",
  "unblock_user",
  "trace",
];

describe("who has a right", () => {
  test.each([
    ["a key without methods", key],
    ["a key with every method", withMethods(...API_METHODS, "metrics", "overview", "block_user")],
    ["a key for some channels", { ...key, channels: ["a:"] }],
    ["a key for rooms", { ...withMethods("room_call"), rooms: ["chat/"] }],
  ])("RIGHT-01 RIGHT-03: %s has none, and may call nothing that needs one", (_, bearer) => {
    const access = accessWith(bearer);
    expect(rightsIn(access)).toEqual([]);
    for (const method of NEEDS_A_RIGHT)
      for (const channel of [undefined, "a:1"]) expect(access.allows(method, channel), method).toBe(false);
  });

  test.each(RIGHTS)("RIGHT-01: a key that names %s has it, and no other", (right) => {
    expect(rightsIn(accessWith(withMethods("publish", right)))).toEqual([right]);
  });

  test("RIGHT-02: a key with channels or rooms has none, but for trace of its channels", () => {
    const limited = { ...withMethods(...RIGHTS), channels: ["a:"] };
    expect(rightsIn(accessWith(limited))).toEqual([]);
    expect(rightsIn(accessWith(limited), "a:1")).toEqual(["trace"]);
    expect(rightsIn(accessWith(limited), "b:1")).toEqual([]);
    for (const access of [accessWith(limited), tokenAccess(limited)]) {
      expect(access.allows("trace", "a:1")).toBe(true);
      expect(access.allows("trace", "b:1")).toBe(false);
      expect(access.allows("trace", undefined)).toBe(false);
    }
    const others = [
      { ...withMethods(...RIGHTS), rooms: ["chat/"] },
      { ...withMethods(...RIGHTS), channels: [] },
      { ...withMethods("observe", "operate"), channels: ["a:"] },
    ];
    for (const other of others)
      for (const access of [accessWith(other), tokenAccess(other)])
        for (const channel of [undefined, "a:1"])
          for (const method of [...NEEDS_A_RIGHT, "disconnect", "unsubscribe", "publish"])
            expect(access.allows(method, channel), method).toBe(false);
    expect(rightsOf({ ...withMethods(...RIGHTS), channels: ["a:"], rooms: ["chat/"] })).toEqual(["trace"]);
  });

  test("RIGHT-13: a service binding has every right", () => {
    expect(rightsIn(FULL_ACCESS)).toEqual(RIGHTS);
  });
});

describe("what a right brings", () => {
  const operate = ["publish", "unsubscribe", "disconnect", "block_user", "unblock_user"];

  test("RIGHT-03 RIGHT-11: operate brings the actions and nothing else, to the key and to its token", () => {
    const bearer = withMethods("operate");
    for (const access of [accessWith(bearer), tokenAccess(bearer)]) {
      const all = [...new Set([...API_METHODS, "metrics", ...NEEDS_A_RIGHT])];
      const allowed = all.filter((method) => access.allows(method, undefined));
      expect(new Set(allowed)).toEqual(new Set(operate.filter((method) => all.includes(method))));
    }
  });

  test("RIGHT-11: a token has nothing of what its key is for besides", () => {
    const bearer = {
      ...withMethods("observe", "history", "publish", "metrics", "room_call"),
      rooms: undefined,
    };
    const token = tokenAccess(bearer);
    for (const method of ["history", "publish", "metrics", "broadcast", "disconnect"])
      expect(token.allows(method, "a:1"), method).toBe(false);
    expect(token.allows("overview", undefined)).toBe(true);
    expect(
      tokenAccess({ ...withMethods("room_call"), rooms: ["chat/"] }).allowsRoom("room_call", "chat/a"),
    ).toBe(false);
  });
});

describe("names that grant nothing", () => {
  const logOf = (API_KEYS: string) => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    onTestFinished(() => log.mockRestore());
    return { keys: readKeys({ API_KEYS }), lines: log.mock.calls.map(([line]) => JSON.parse(String(line))) };
  };

  test("RIGHT-04: an unknown name costs that name, and is not shown", () => {
    const list = [
      { name: "b", key: "two", methods: ["publish", "PRIVATE", "history", "block_user"] },
      { name: "c", key: "three" },
    ];
    const { keys, lines } = logOf(JSON.stringify(list));
    expect(keys.map(({ name }) => name)).toEqual(["b", "c"]);
    const [first] = keys;
    const allowed = ["publish", "history", "block_user", "info"].filter(
      (method) => first && accessWith(first).allows(method, "a"),
    );
    expect(allowed).toEqual(["publish", "history"]);
    const event = "api.key_name_ignored";
    const why = "there is no such method or right";
    expect(lines).toEqual([
      { event, keyName: "b", why: `API_KEYS[0].methods[1]: ${why}` },
      { event, keyName: "b", why: `API_KEYS[0].methods[3]: ${why}` },
    ]);
  });

  test("RIGHT-02: the log says which right a key cannot have", () => {
    const { lines } = logOf(JSON.stringify([{ ...withMethods(...RIGHTS), channels: ["a:"] }]));
    expect(lines.map(({ why }) => why)).toEqual([
      "API_KEYS[0].methods[0]: a key with channels or rooms cannot have the right observe",
      "API_KEYS[0].methods[1]: a key with channels or rooms cannot have the right operate",
    ]);
  });
});
