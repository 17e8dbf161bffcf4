import { expect, onTestFinished, test, vi } from "vitest";
import { type Access, accessWith, FULL_ACCESS, tokenAccess } from "../../src/api/access.ts";
import { HomeCalls } from "../../src/api/home-calls.ts";
import { ApiCommands } from "../../src/api/methods.ts";
import type { HomeAnswer } from "../../src/hub-rpc/management.ts";
import { ERRORS } from "../../src/shared/codes.ts";
import { noRooms } from "../support/no-rooms.ts";

const operator = { name: "ann", key: "k", methods: ["operate", "publish", "history"] };
const DONE: HomeAnswer = { kind: "done" };

/** The lines of the log of one command. */
async function logOf(access: Access, method: string, params: object, answer: HomeAnswer = DONE) {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  onTestFinished(() => log.mockRestore());
  log.mockClear();
  const homes = new HomeCalls(async (_, { commands }) => commands.map(() => [answer]));
  const hashUser = async (user: string) => `hash of ${user.length} characters`;
  const tools = { access, hashUser, homes, rooms: noRooms(), directory: undefined };
  await new ApiCommands(tools).run(method, params);
  return log.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
}

const event = "operator.action";
const user = "hash of 3 characters";

test.each([
  ["disconnect", { user: "bob" }, { user }],
  ["unsubscribe", { user: "bob", channel: "chat:1#bob" }, { user, home: "home/chat:1#…" }],
  ["publish", { channel: "chat:1/a", data: "PRIVATE" }, { home: "home/chat:1" }],
  ["block_user", { user: "bob", reason: "PRIVATE" }, { user }],
  ["unblock_user", { user: "bob" }, { user }],
])(
  "RIGHT-20 OPS-10: %s by a token is logged with the key's name and a hash of the user",
  async (method, params, told) => {
    const lines = await logOf(tokenAccess(operator), method, params);
    expect(lines).toEqual([{ event, keyName: "ann", method, ...told }]);
    expect(JSON.stringify(lines)).not.toMatch(/PRIVATE|bob/);
  },
);

test("RIGHT-20: an action that fails is logged with its code", async () => {
  const lines = await logOf(
    tokenAccess(operator),
    "block_user",
    { user: "bob" },
    { errorCode: ERRORS.limitExceeded.code },
  );
  expect(lines).toContainEqual({ event, keyName: "ann", method: "block_user", user, code: 106 });
});

test("RIGHT-20: what a key names itself is no operator's doing, and what only the right brings is", async () => {
  const access = accessWith(operator);
  expect(await logOf(access, "publish", { channel: "a", data: 1 })).toEqual([]);
  expect(await logOf(access, "history", { channel: "a" })).toEqual([]);
  expect(await logOf(access, "disconnect", { user: "bob" })).toHaveLength(1);
  expect(await logOf(accessWith({ name: "b", key: "k" }), "disconnect", { user: "bob" })).toEqual([]);
  expect(await logOf(FULL_ACCESS, "disconnect", { user: "bob" })).toEqual([]);
  expect(await logOf(FULL_ACCESS, "block_user", { user: "bob" })).toHaveLength(1);
  const denied = await logOf(tokenAccess({ ...operator, methods: ["observe"] }), "publish", {
    channel: "a",
    data: 1,
  });
  expect(denied.map((line) => line.event)).toEqual(["api.refused"]);
});
