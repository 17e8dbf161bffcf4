import { env, exports } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { RoomContext, RoomHandler } from "../../src/rooms/handler.ts";
import { API_LIMITS, ROOM_LIMITS } from "../../src/shared/limits.ts";
import { appOf } from "../gateway/classes.ts";
import { captureErrors } from "../support/log.ts";
import { GATEWAY } from "./client.ts";
import { testKinds } from "./kinds.ts";
import { TestRoom } from "./test-room.ts";

const METHODS = ["room_publish", "room_sockets", "room_close", "room_call"];
const app = appOf(testKinds);

const chat: RoomHandler = {
  upgrade: () => ({ name: "ada" }),
  open: (ws) => ws.subscribe("talk"),
  message: (ws, message) => ws.send(message),
  calls: {
    greet: (_room: RoomContext, name: string) => `hello ${name}`,
    fail() {
      throw new Error("a secret");
    },
  },
};

/** What the holder of the key gets from a method. */
async function ask(method: string, params: object, keys: object, headers: Record<string, string> = {}) {
  const request = new Request(`${GATEWAY}/api/${method}`, {
    method: "POST",
    headers: { "X-API-Key": "key", ...headers },
    body: JSON.stringify(params),
  });
  const API_KEYS = JSON.stringify([{ name: "test", key: "key", ...keys }]);
  const response = await app.fetch(request, { ...env, API_KEYS });
  return (await response.json()) as {
    result?: Record<string, unknown>;
    error?: { code: number; message: string };
    replies?: unknown[];
  };
}

const full = { methods: [...METHODS, "batch"], rooms: ["test-", "echo"] };
const addressOf = ({ kind, name }: TestRoom) => ({ kind, room: name });
const keyFor = ({ kind }: TestRoom) => ({ methods: [...METHODS, "batch"], rooms: [`${kind}/`] });

test("OUTSIDE-09: each method does over HTTP what it does for a Worker, also after sleep", async () => {
  const room = new TestRoom(chat);
  const key = keyFor(room);
  const client = await room.connect();
  await room.sleep();
  const at = addressOf(room);
  expect(await ask("room_publish", { ...at, topic: "talk", data: "Grüße" }, key)).toEqual({
    result: { reached: 1 },
  });
  expect(await client.next()).toBe("Grüße");
  await ask("room_publish", { ...at, topic: "talk", b64data: "AQID" }, key);
  expect(new Uint8Array((await client.next()) as ArrayBuffer)).toEqual(new Uint8Array([1, 2, 3]));
  expect(await ask("room_sockets", { ...at, data: true }, key)).toEqual({
    result: {
      sockets: [
        {
          id: expect.any(String),
          remote_address: "",
          protocol: "",
          tags: [],
          topics: ["talk"],
          data: { name: "ada" },
        },
      ],
    },
  });
  expect(await ask("room_call", { ...at, name: "greet", arguments: ["Ann"] }, key)).toEqual({
    result: { value: "hello Ann" },
  });
  expect(await ask("room_close", { ...at, code: 4_000, reason: "over" }, key)).toEqual({
    result: { closed: 1 },
  });
  expect(await client.closed).toEqual({ code: 4_000, reason: "over" });
});

test("OUTSIDE-09: through the binding they need no key", async () => {
  const room = new TestRoom(chat);
  const client = await room.connect();
  const at = addressOf(room);
  expect(await exports.Api.roomPublish({ ...at, topic: "talk", data: "x" })).toEqual({
    result: { reached: 1 },
  });
  expect(await client.next()).toBe("x");
  expect(await exports.Api.roomCall({ ...at, name: "greet", arguments: ["Ben"] })).toEqual({
    result: { value: "hello Ben" },
  });
  expect(await exports.Api.roomSockets(at)).toMatchObject({ result: { sockets: [{ topics: ["talk"] }] } });
  expect(await exports.Api.roomClose(at)).toEqual({ result: { closed: 1 } });
  expect((await client.closed).code).toBe(1000);
});

describe("who may", () => {
  const refused = { error: { code: 103, message: "permission denied" } };

  test.each<[string, object]>([
    ["without methods", {}],
    ["for channels", { channels: ["echo", "echo/lobby"] }],
    ["that names the methods, but no rooms", { methods: METHODS }],
    ["that names the methods, and channels alone", { methods: METHODS, channels: ["echo", "echo/lobby"] }],
    ["for other rooms", { methods: METHODS, rooms: ["hello/", "echo/lob", "lobby"] }],
    ["for other methods", { methods: ["publish", "batch"], rooms: ["echo/"] }],
  ])("OUTSIDE-08: a key %s reaches no room", async (_, key) => {
    const at = { kind: "echo", room: "lobby" };
    expect(await ask("room_publish", { ...at, topic: "a", data: "x" }, key)).toEqual(refused);
    expect(await ask("room_sockets", at, key)).toEqual(refused);
    expect(await ask("room_close", at, key)).toEqual(refused);
    expect(await ask("room_call", { ...at, name: "a" }, key)).toEqual(refused);
  });

  test("OUTSIDE-08: API_KEY, which may do everything else, reaches no room, also in a batch", async () => {
    const call = async (path: string, body: object) => {
      const headers = { "X-API-Key": "one" };
      const request = new Request(`${GATEWAY}/api${path}`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      return (await app.fetch(request, { ...env, API_KEY: "one" })).json();
    };
    expect(await call("/room_sockets", { kind: "echo", room: "lobby" })).toEqual(refused);
    const commands = [{ room_sockets: { kind: "echo", room: "lobby" } }];
    expect(await call("/batch", { commands })).toEqual({ replies: [refused] });
  });

  test("OUTSIDE-08: a batch is checked command by command", async () => {
    const [mine, other] = [new TestRoom(chat), new TestRoom(chat)];
    const commands = [mine, other].map((room) => ({ room_sockets: addressOf(room) }));
    const { replies } = await ask("batch", { commands }, keyFor(mine));
    expect(replies).toEqual([{ room_sockets: { sockets: [] } }, refused]);
  });
});

describe("what cannot be done", () => {
  test.each<[string, string, object, number]>([
    ["an unknown kind", "room_sockets", { kind: "test-none", room: "a" }, 102],
    ["the kind `constructor`", "room_call", { kind: "constructor", room: "a", name: "a" }, 102],
    ["an inherited call", "room_call", { kind: "echo", room: "a", name: "constructor" }, 104],
    ["no such call", "room_call", { kind: "echo", room: "a", name: "greet" }, 104],
    ["a name that no room has", "room_sockets", { kind: "echo", room: ".." }, 107],
    ["no room", "room_sockets", { kind: "echo" }, 107],
    [
      "arguments that are no list",
      "room_call",
      { kind: "echo", room: "a", name: "a", arguments: { 0: 1 } },
      107,
    ],
    ["no data", "room_publish", { kind: "echo", room: "a", topic: "a" }, 107],
    ["data that is no text", "room_publish", { kind: "echo", room: "a", topic: "a", data: { a: 1 } }, 107],
    ["no base64", "room_publish", { kind: "echo", room: "a", topic: "a", b64data: "*" }, 107],
    ["no topic", "room_publish", { kind: "echo", room: "a", topic: "", data: "x" }, 107],
    ["a code of the protocol", "room_close", { kind: "echo", room: "a", code: 1001 }, 107],
    ["a reason that is too long", "room_close", { kind: "echo", room: "a", reason: "x".repeat(124) }, 107],
    ["a page that is too long", "room_sockets", { kind: "echo", room: "a", limit: 1_001 }, 107],
  ])("OUTSIDE-09: %s is an error", async (_, method, params, code) => {
    const key = { methods: METHODS, rooms: ["test-none", "constructor", "echo"] };
    expect((await ask(method, params, key)).error?.code).toBe(code);
  });

  test("OUTSIDE-07: 2 MB of arguments are 107, and so is a publication over 1 MiB", async () => {
    const at = { kind: "echo", room: crypto.randomUUID() };
    const long = "x".repeat(2_000_000);
    expect((await ask("room_call", { ...at, name: "a", arguments: [long] }, full)).error?.code).toBe(107);
    expect((await ask("room_publish", { ...at, topic: "a", data: long }, full)).error?.code).toBe(107);
    const data = "x".repeat(ROOM_LIMITS.maxPayloadLength);
    expect(await ask("room_publish", { ...at, topic: "a", data }, full)).toEqual({ result: { reached: 0 } });
  });

  test("OUTSIDE-06: a call that throws is 100 without its words", async () => {
    captureErrors();
    const room = new TestRoom(chat);
    const answer = await ask("room_call", { ...addressOf(room), name: "fail" }, keyFor(room));
    expect(answer).toEqual({ error: { code: 100, message: "internal server error" } });
  });

  test("OUTSIDE-09: of one request, 64 answers of rooms, and any number of publications", async () => {
    const room = new TestRoom(chat);
    const at = addressOf(room);
    const questions = Array.from({ length: API_LIMITS.roomAnswers + 1 }, () => ({ room_sockets: at }));
    const publications = Array.from({ length: 100 }, () => ({
      room_publish: { ...at, topic: "talk", data: "x" },
    }));
    const { replies = [] } = await ask("batch", { commands: [...questions, ...publications] }, keyFor(room));
    expect(replies.slice(0, API_LIMITS.roomAnswers)).toEqual(
      Array(API_LIMITS.roomAnswers).fill({ room_sockets: { sockets: [] } }),
    );
    expect(replies[API_LIMITS.roomAnswers]).toMatchObject({ error: { code: 107 } });
    expect(replies.at(-1)).toEqual({ room_publish: { reached: 0 } });
  });

  test("OUTSIDE-09: publications of one request to a room arrive in their order", async () => {
    const room = new TestRoom(chat);
    const client = await room.connect();
    const commands = Array.from({ length: 50 }, (_, number) => ({
      room_publish: { ...addressOf(room), topic: "talk", data: String(number) },
    }));
    await ask("batch", { commands, parallel: true }, keyFor(room));
    expect(await client.take(50)).toEqual(commands.map(({ room_publish: { data } }) => data));
  });
});
