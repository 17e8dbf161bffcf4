import { describe, expect, test } from "vitest";
import { FULL_ACCESS } from "../../src/api/access.ts";
import { failed } from "../../src/api/errors.ts";
import { HomeCalls } from "../../src/api/home-calls.ts";
import type { ApiMethod } from "../../src/api/method-types.ts";
import { ApiCommands } from "../../src/api/methods.ts";
import { groupByHome } from "../../src/api/publishing.ts";
import { parseLegacy, parseObject } from "../../src/api/requests.ts";
import { readRequest } from "../../src/api/schemas.ts";
import { controlChannel, controlHome, userHome } from "../../src/channels/control.ts";
import type { HomeCommand } from "../../src/hub-rpc/management.ts";
import { ERRORS } from "../../src/shared/codes.ts";
import { toBase64 } from "../../src/shared/encodings.ts";
import { API_LIMITS } from "../../src/shared/limits.ts";
import { noRooms } from "../support/no-rooms.ts";

/** Homes that note what they are asked, and answer a publication with its channel as the epoch. */
function createHomes() {
  const calls: [home: string, commands: readonly HomeCommand[]][] = [];
  const homes = new HomeCalls(async (home, { commands }) => {
    calls.push([home, commands]);
    if (home === "home/broken:a") throw new Error("the home is broken");
    return commands.map((command) =>
      command.kind === "publish"
        ? command.channels.map((epoch) => ({ kind: "published", offset: 1, epoch }))
        : [{ kind: "done" }],
    );
  });
  return { calls, homes };
}

async function runAll(...commands: readonly (readonly [method: string, params: unknown])[]) {
  const { calls, homes } = createHomes();
  const api = new ApiCommands({
    access: FULL_ACCESS,
    hashUser: async () => "-",
    homes,
    rooms: noRooms(),
    directory: undefined,
  });
  const answers = await api.runTogether(commands.map(([method, params]) => ({ method, params })));
  return { answers, calls };
}

/** The result of a publication to a channel, as these homes answer it. */
const published = (channel: string) => JSON.stringify({ offset: 1, epoch: channel });

describe("grouping by home", () => {
  test("API-18: channels that share their key share a home", () => {
    const channels = ["chat:1", "chat:1/a", "chat:2", "chat:1/b/c"].map((channel, index) => ({
      index,
      channel,
    }));
    const groups = [...groupByHome(channels)].map(([home, group]) => [home, group.map(({ index }) => index)]);
    expect(groups).toEqual([
      ["home/chat:1", [0, 1, 3]],
      ["home/chat:2", [2]],
    ]);
  });

  test("API-18: what commands that run together ask of a home goes in one call, in order, with its data once", async () => {
    const commands = [
      { broadcast: { channels: ["a:1", "b:1", "a:1/x"], data: { big: true } } },
      { publish: { channel: "b:1", data: 1 } },
      { history: { channel: "a:1" } },
      { presence: { channel: "b:1" } },
    ];
    const { answers, calls } = await runAll(["batch", { commands, parallel: true }]);
    expect(calls.map(([home, commands]) => [home, commands.map(({ kind }) => kind)])).toEqual([
      ["home/a:1", ["publish", "history"]],
      ["home/b:1", ["publish", "publish", "presence"]],
    ]);
    expect(calls[0]?.[1][0]).toMatchObject({ channels: ["a:1", "a:1/x"], data: '{"big":true}' });
    const responses = [published("a:1"), published("b:1"), published("a:1/x")];
    const broadcast = `{"responses":[${responses.map((result) => `{"result":${result}}`).join(",")}]}`;
    const replies = `[{"broadcast":${broadcast}},{"publish":${published("b:1")}},{"history":{}},{"presence":{}}]`;
    expect(answers).toEqual([{ result: `{"replies":${replies}}` }]);
  });

  test("API-24: a home that fails is error 100 for what was asked of it, and for nothing else", async () => {
    const { answers } = await runAll(["broadcast", { channels: ["broken:a", "a:1", "broken:a/b"], data: 1 }]);
    const error = JSON.stringify(failed(ERRORS.internal));
    expect(answers[0]).toEqual({
      result: `{"responses":[${error},{"result":${published("a:1")}},${error}]}`,
    });
  });

  test("API-38: commands on a user go to the home of the user's shard", async () => {
    const { calls } = await runAll(
      ["disconnect", { user: "ann" }],
      ["refresh", { user: "ann" }],
      ["info", {}],
    );
    expect(calls.map(([home, commands]) => [home, commands.length])).toEqual([[userHome("ann"), 2]]);
  });
});

describe("control channels", () => {
  test("API-41: a control channel names its home, and no other channel does", () => {
    const shards = new Set(Array.from({ length: 1_000 }, (_, index) => userHome(`user ${index}`)));
    expect(shards.size).toBe(API_LIMITS.userShards);
    expect(controlHome(controlChannel("ann"))).toBe(userHome("ann"));
    for (const channel of ["users/1", "\0users/", "\0users/1x", "\0users/1/2", "\0", ""])
      expect(controlHome(channel)).toBeUndefined();
  });
});

describe("reading a request", () => {
  test("API-10: a number in a payload keeps its digits, and is none in a member", () => {
    const read = (text: string) => readRequest("publish", parseObject(text));
    expect(read('{"channel":"a","data":[12345678901234567890,1.0]}')).toMatchObject({
      request: { data: "[12345678901234567890,1.0]" },
    });
    expect(read('{"channel":"a","data":1,"version":12345678901234567890}')).toEqual({
      why: "version: expected number",
    });
  });

  test("API-12: data that is nested too deeply to be written is no data", () => {
    const nested = `${"[".repeat(60_000)}${"]".repeat(60_000)}`;
    expect(readRequest("publish", parseObject(`{"channel":"a","data":${nested}}`))).toEqual({
      why: "data: is malformed or too long",
    });
  });

  test("PROTO-21 API-12: data and info of 100 levels are read, deeper ones are none, info in base64 too", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    const read = (depth: number, write: (json: string) => object) =>
      "request" in readRequest("subscribe", { channel: "a", user: "u", ...write(nested(depth)) });
    for (const write of [
      (json: string) => ({ data: JSON.parse(json) }),
      (json: string) => ({ b64data: btoa(json) }),
      (json: string) => ({ b64info: btoa(json) }),
    ]) {
      expect(read(100, write)).toBe(true);
      expect(read(101, write)).toBe(false);
    }
  });

  test("PB-14: what is published in base64 may be any bytes, as many as of anything else", () => {
    const read = (length: number) =>
      readRequest("publish", { channel: "a", b64data: toBase64(new Uint8Array(length).fill(0xff)) });
    expect(read(3)).toMatchObject({ request: { b64data: Uint8Array.of(255, 255, 255) } });
    expect(read(API_LIMITS.dataSize)).toHaveProperty("request");
    expect(read(API_LIMITS.dataSize + 1)).toHaveProperty("why");
  });

  test("API-12: limits are counted in bytes", () => {
    const read = (data: string) => "request" in readRequest("publish", { channel: "a", data });
    const characters = (API_LIMITS.dataSize - 2) / 2;
    expect(read("é".repeat(characters))).toBe(true);
    expect(read("é".repeat(characters + 1))).toBe(false);
    expect(read("x".repeat(API_LIMITS.dataSize - 2))).toBe(true);
    expect(read("x".repeat(API_LIMITS.dataSize - 1))).toBe(false);
  });

  test("API-12: a whitelist names at most 1,000 connections", () => {
    const read = (length: number) =>
      "request" in readRequest("disconnect", { user: "ann", whitelist: Array(length).fill("client") });
    expect([read(1_000), read(1_001)]).toEqual([true, false]);
  });

  test("API-12: a tag may have any name", () => {
    const tags = JSON.parse('{"constructor":"a","__proto__":"b"}') as object;
    const read = readRequest("publish", { channel: "a", data: 1, tags });
    expect("request" in read && JSON.stringify(read.request.tags)).toBe(JSON.stringify(tags));
  });

  test.each<[ApiMethod, unknown, string]>([
    ["publish", { channel: 1, data: 1 }, "channel: expected string"],
    ["publish", { data: 1 }, "channel: is missing"],
    ["publish", { channel: "" }, "channel: expected more than nothing"],
    ["publish", { channel: "PRIVATE".repeat(50) }, "channel: expected length <=255"],
    ["publish", { channel: "PRIVATE\ud800" }, "channel: is malformed or too long"],
    ["publish", { channel: "a", tags: { PRIVATE: 1 } }, "tags: expected object"],
    ["publish", { channel: "a", b64data: "PRIVATE!" }, "b64data: is malformed or too long"],
    ["publish", { channel: "a", delta: "PRIVATE" }, "delta: expected boolean"],
    ["publish", "PRIVATE", "parameters: expected object"],
    ["broadcast", { channels: ["a", 12345] }, "channels: expected string"],
    ["broadcast", { channels: [] }, "channels: expected length >=1"],
    [
      "subscribe",
      { user: "u", channel: "a", recover_since: { offset: "PRIVATE" } },
      "recover_since.offset: expected number",
    ],
    ["unsubscribe", { user: "u", channel: 12345 }, 'channel: expected ("" | string)'],
    ["disconnect", { user: "u", disconnect: { code: 12345 } }, "disconnect.code: expected <=4999"],
    [
      "disconnect",
      { user: "u", disconnect: { reason: '"PRIVATE"' } },
      "disconnect.reason: is malformed or too long",
    ],
    ["history", { channel: "a", limit: 12345.5 }, "limit: is out of range"],
    ["batch", { commands: Array(API_LIMITS.batchCommands + 1).fill(0) }, "commands: expected length <=1000"],
  ])(
    "API-52: of %s with %j the log hears what was expected where, and never a value",
    (method, request, why) => {
      expect(readRequest(method, request)).toEqual({ why });
      expect(why).not.toMatch(/PRIVATE|12345/);
    },
  );

  test("API-08: the legacy form is one object, or one in each line", () => {
    expect(parseLegacy('{"a":1}')).toEqual([{ a: 1 }]);
    expect(parseLegacy('{"a":1}\r\n\n{"b":2}\n')).toEqual([{ a: 1 }, { b: 2 }]);
    for (const body of ["", "\n", "[]", '{"a":1}\n[]', '{"a":1}{"b":2}'])
      expect(parseLegacy(body)).toBeUndefined();
  });
});
