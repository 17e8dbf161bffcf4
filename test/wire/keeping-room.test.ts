import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TcpPeer } from "../support/tcp.ts";
import { until } from "../support/until.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const KEY = "the key of the test";
const ORIGIN = "https://friend.test";

let storage: string;
let gateway: Workerd;

const start = () =>
  startWorkerd({
    configPath: "test/wire/keeping-room/wrangler.toml",
    persistTo: storage,
    vars: {
      ALLOWED_ORIGINS: ORIGIN,
      API_KEY: "every channel",
      API_KEYS: JSON.stringify([{ name: "rooms", key: KEY, methods: ["room_call"], rooms: ["keeper/"] }]),
    },
  });

beforeAll(async () => {
  storage = await mkdtemp(join(tmpdir(), "poorwill-keeping-"));
  gateway = await start();
});
afterAll(async () => {
  await gateway.stop();
  await rm(storage, { recursive: true });
});

const ask = (path: string, init: RequestInit = {}) => fetch(gateway.url + path, init);
const notesOf = async (room: string) => (await (await ask(`/rooms/keeper/${room}`)).json()) as string[];

async function textOf(peer: TcpPeer): Promise<string> {
  return Buffer.from((await peer.nextFrame()).payload).toString();
}

test("ROOM-29 ROOM-31: the last socket leaves, the runtime is killed, the alarm is called, and the data is there", async () => {
  const peer = await TcpPeer.open(gateway.port, "/rooms/keeper/left");
  peer.sendText("alarm");
  expect(await textOf(peer)).toBe("noted alarm");
  peer.sendClose(1000);
  await peer.nextFrame();
  peer.destroy();
  await gateway.kill();
  gateway = await start();
  await until(async () => (await notesOf("left")).length === 2, "the alarm");
  expect(await notesOf("left")).toEqual(["alarm", "alarm was called"]);
  expect(await (await ask("/count/left")).json()).toBe(2);
});

test("IDLE-07: a heartbeat is answered behind what was sent before it, and is no message", async () => {
  const peer = await TcpPeer.open(gateway.port, "/rooms/keeper/beating");
  peer.sendText("ping");
  expect(await textOf(peer)).toBe("pong");
  peer.sendText("said");
  expect(await textOf(peer)).toBe("noted said");
  expect(await notesOf("beating")).toEqual(["said"]);
  peer.destroy();
});

test.each(["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])(
  "ROOM-26: %s goes to `request`",
  async (method) => {
    const response = await ask(`/rooms/keeper/${method}`, {
      method,
      ...(method === "POST" && { body: "posted" }),
    });
    expect([response.status, response.headers.get("X-Method")]).toEqual([200, method]);
    expect(await response.json()).toEqual(method === "POST" ? ["posted"] : []);
  },
);

test("ROOM-27: a foreign origin and a body that is too long are refused, and the room stores nothing of them", async () => {
  const path = "/rooms/keeper/refused";
  for (const method of ["GET", "POST", "OPTIONS"])
    expect((await ask(path, { method, headers: { Origin: "https://evil.test" } })).status).toBe(403);
  expect((await ask(path, { method: "POST", body: "x".repeat(1_001) })).status).toBe(413);
  const body = new Blob(["x".repeat(1_001)]).stream();
  const streamed = await ask(path, { method: "POST", body, duplex: "half" } as RequestInit);
  expect(streamed.status).toBe(413);
  expect(await notesOf("refused")).toEqual([]);
  const friend = await ask(path, { method: "POST", body: "kept", headers: { Origin: ORIGIN } });
  expect(await friend.json()).toEqual(["kept"]);
});

test("OUTSIDE-05 OUTSIDE-07 OUTSIDE-08: over HTTP nothing inherited is called, 2 MB are refused, and so is an old key", async () => {
  const call = async (params: object, key = KEY) => {
    const response = await ask("/api/room_call", {
      method: "POST",
      headers: { "X-API-Key": key },
      body: JSON.stringify({ kind: "keeper", room: "called", ...params }),
    });
    const { result, error } = (await response.json()) as { result?: unknown; error?: { code: number } };
    return error?.code ?? result;
  };
  expect(await call({ name: "echo", arguments: ["back"] })).toEqual({ value: "back" });
  for (const name of ["constructor", "__proto__", "hasOwnProperty", "missing"])
    expect(await call({ name })).toBe(104);
  expect(await call({ kind: "constructor", name: "echo" })).toBe(103);
  expect(await call({ name: "echo", arguments: ["x".repeat(2_000_000)] })).toBe(107);
  expect(await call({ name: "echo" }, "every channel")).toBe(103);
  expect(await notesOf("called")).toEqual([]);
});
