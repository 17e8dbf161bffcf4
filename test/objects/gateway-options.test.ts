import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { readEnvBy } from "../../src/deployment/bindings.ts";
import { type GatewayOptions, resolveGateway } from "../../src/deployment/options.ts";
import { createGateway, RoomError } from "../../src/index.ts";
import { echo } from "../../src/rooms/echo.ts";
import { captureErrors } from "../support/log.ts";
import { GATEWAY } from "./client.ts";

const message = () => {};
const start =
  (options: unknown, bindings: object = env) =>
  () =>
    resolveGateway(options as GatewayOptions, bindings);
const PRODUCTION = { ...env, ENVIRONMENT: "production" };

test.each([
  [{ room: {} }, "room: there is no such key; allowed are rooms, channels, path"],
  [{ rooms: { chat: {} } }, "rooms.chat.message"],
  [{ rooms: { "a b": { message } } }, "rooms.a b: the name of a room kind has letters"],
  [{ rooms: { chat: { message, maxSockets: 0 } } }, "rooms.chat: maxSockets"],
  [{ development: { rooms: { chat: { message, maxSockets: 0 } } } }, "development.rooms.chat: maxSockets"],
  [null, "options: must be an object"],
  ["chat", "options: must be an object"],
  [{ rooms: [{ message }] }, "rooms: must be an object"],
  [{ rooms: { chat: null } }, "rooms.chat: must be an object"],
  [{ rooms: { chat: class Chat {} } }, "rooms.chat: must be an object"],
  [{ rooms: { constructor: {} } }, "rooms.constructor.message: must be a function"],
  [{ rooms: { ["__proto__"]: {} } }, "rooms.__proto__.message: must be a function"],
  [{ rooms: { chat: { message, open: "hello" } } }, "rooms.chat.open: must be a function"],
  [{ rooms: { chat: { message, protocols: "v1" } } }, "rooms.chat: protocols must be a list"],
  [{ development: { rooms: { chat: {} } } }, "development.rooms.chat.message"],
  [{ path: "realtime" }, "path: must be"],
  [{ path: "/realtime/" }, "path: must be"],
  [{ path: "/../x" }, "path: must be"],
  [{ bindings: { ROOMS: "X" } }, "bindings.ROOMS: there is no such key"],
  [{ bindings: { ROOM: "NOWHERE" } }, 'bindings.ROOM: the Worker has no binding "NOWHERE"'],
  [{ bindings: { ROOM: "HUB" } }, 'bindings.ROOM: "HUB" is the binding of HUB'],
  [{ bindings: { ANALYTICS: "NOWHERE" } }, 'bindings.ANALYTICS: the Worker has no binding "NOWHERE"'],
  [{ fallback: "assets" }, "fallback"],
  [{ console: true }, "console"],
  [{ channels: { namespaces: [{ name: "x", history_size: "10" }] } }, "namespaces[0].history_size"],
])("PKG-07: wrong options end the start, and their key is named: %j", (options, problem) => {
  expect(start(options)).toThrow(`configuration: ${problem}`);
});

test("PKG-07: everything that is wrong is told at once", () => {
  const wrong = {
    rooms: { chat: { message, maxSockets: 0 } },
    channels: { namespaces: [{ name: "x", history_size: -1 }] },
  };
  expect(start(wrong)).toThrow(/rooms\.chat: maxSockets[\s\S]*namespaces\[0\]\.history_size/);
});

test("PKG-08: a gateway does not start without the bindings of its classes", () => {
  const { ROOM, HUB, DIRECTORY: _, ...others } = PRODUCTION;
  expect(start({}, others)).toThrow(/bindings\.ROOM: [\s\S]*bindings\.HUB: /);
  expect(start({}, { ROOM, HUB, ...others })).not.toThrow();
  const observed = { channels: { operations: { directory: true } } };
  expect(start(observed, { ROOM, HUB, ...others })).toThrow(
    'bindings.DIRECTORY: the Worker has no binding "DIRECTORY"',
  );
});

test("PKG-09: kinds for development are there in development only", () => {
  const options = { rooms: { own: { message } }, development: { rooms: { tried: { message } } } };
  const kindsIn = (ENVIRONMENT: string) =>
    Object.keys(start(options, { ...env, ENVIRONMENT })().gateway.kinds);
  expect(kindsIn("production")).toEqual(["own"]);
  expect(kindsIn("development")).toEqual(["tried", "own"]);
});

test("PKG-10: a renamed binding is read by its name, and one of the old name is not taken for it", () => {
  const readEnv = readEnvBy({ ASSETS: "FILES", ROOM: "CHATS" });
  const bindings = { ASSETS: "the application's", FILES: "ours", CHATS: "rooms", API_KEY: "key" };
  expect(readEnv(bindings)).toEqual({ ...bindings, ASSETS: "ours", ROOM: "rooms" });
  expect(readEnv(bindings)).toBe(readEnv(bindings));
});

test("PKG-03: what the fallback throws ends the request as it would without a gateway", async () => {
  const failure = new Error("of the application");
  const fallback = () => Promise.reject(failure);
  const { app } = createGateway({ fallback });
  const ctx = { waitUntil() {}, passThroughOnException() {}, props: {} } as unknown as ExecutionContext;
  await expect(app.fetch(new Request(`${GATEWAY}/nowhere`), env, ctx)).rejects.toBe(failure);
  expect((await app.fetch(new Request(`${GATEWAY}/healthz`), env, ctx)).status).toBe(200);
});

test("PKG-11: in development a gateway with wrong options answers every request with what is wrong", async () => {
  const logged = captureErrors();
  const gateway = createGateway({ path: "nowhere" });
  const response = await gateway.app.fetch(new Request(`${GATEWAY}/healthz`), env);
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({
    error: { message: expect.stringContaining("path: must be") },
  });
  expect(logged()).toMatchObject([{ event: "gateway.not_started" }]);
});

test("PKG-03: the application beside the gateway may have types for its own environment", () => {
  interface Own {
    readonly WORD: string;
  }
  const application = { fetch: (_: Request, { WORD }: Own) => new Response(WORD) };
  expect(start({ fallback: application } satisfies GatewayOptions)).not.toThrow();
  expect(start({ fallback: application.fetch } satisfies GatewayOptions)).not.toThrow();
});

test("PKG-12: over RPC nobody can read the configuration of a gateway from its objects", async () => {
  const { Room, Hub, Api } = createGateway();
  const properties = [Room, Hub, Api].flatMap((made) => [
    ...Object.getOwnPropertyNames(made.prototype),
    ...Object.getOwnPropertyNames(Object.getPrototypeOf(made.prototype)),
  ]);
  for (const name of ["gateway", "config", "kinds", "env"]) expect(properties).not.toContain(name);
});

test("OUTSIDE-01: a gateway reaches its rooms, and TypeScript knows their kinds", async () => {
  const gateway = createGateway({ rooms: { echo } });
  const room = gateway.room(env, "echo", crypto.randomUUID());
  expect(await room.sockets()).toEqual({ sockets: [] });
  // @ts-expect-error: there is no such kind.
  await expect(gateway.room(env, "chat", "lobby").sockets()).rejects.toThrow(RoomError);
});
