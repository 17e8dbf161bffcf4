/** What a class of PartyServer becomes here: each test is a line of the table in docs/rooms.md. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { roomOf } from "../../src/room-rpc/room-stub.ts";
import { accept } from "../../src/rooms/accept.ts";
import type { RoomContext, RoomHandler } from "../../src/rooms/handler.ts";
import { stopClock } from "../support/clock.ts";
import { until } from "../support/until.ts";
import type { Client } from "./client.ts";
import { TestRoom } from "./test-room.ts";

type Room = RoomContext<{ count: number }>;

/** What the room does for a message, by its first word. */
const ACTS: Readonly<Record<string, (room: Room, word: string) => unknown>> = {
  broadcast: (room, word) => room.publish("all", word),
  tag(room, word) {
    for (const tagged of room.socketsByTag(word)) tagged.send("tagged");
  },
  to: (room, id) => room.socket(id)?.send("to you"),
  all(room) {
    for (const ws of room.sockets) ws.send(String([...room.sockets].length));
  },
  alarm: (room) => room.setAlarm(Date.now() + 60_000),
};

const server = {
  start({ storage: { sql } }) {
    sql.exec("CREATE TABLE IF NOT EXISTS starts (n INTEGER PRIMARY KEY)");
    sql.exec("INSERT INTO starts DEFAULT VALUES");
  },
  upgrade(request) {
    const tag = request.headers.get("X-Tag");
    return tag === "refused"
      ? new Response(null, { status: 401 })
      : accept({ count: 0 }, { tags: tag ? [tag] : [] });
  },
  open: (ws) => ws.subscribe("all"),
  message(ws, message, room) {
    const [act = "", word = ""] = String(message).split(" ");
    if (act === "others") ws.publish("all", word);
    else if (act === "who") ws.send(`${ws.id} ${room.name} ${"ROOM" in room.env}`);
    else if (act === "count") {
      ws.data.count += 1;
      ws.send(String(ws.data.count));
    } else ACTS[act]?.(room, word);
  },
  close: (ws, _code, _reason, room) => room.publish("all", `left ${ws.data.count}`),
  request: async (request, { storage }) =>
    Response.json([await request.text(), storage.sql.exec("SELECT n FROM starts").toArray().length]),
  alarm: (room) => room.publish("all", "alarm"),
  calls: { greet: ({ name }: Room, who: string) => `${name}: hello ${who}` },
} satisfies RoomHandler<{ count: number }>;

async function meeting() {
  const room = new TestRoom(server as RoomHandler);
  const clients: [Client, Client] = [await room.connect({ "X-Tag": "red" }), await room.connect()];
  await room.sleep();
  return { room, clients };
}

async function answer(client: Client, message: string) {
  client.send(message);
  return client.next();
}

test("ROOM-35: onBeforeConnect and onConnect", async () => {
  const room = new TestRoom(server as RoomHandler);
  expect((await room.handshake({ "X-Tag": "refused" })).status).toBe(401);
  expect(await answer(await room.connect(), "broadcast opened")).toBe("opened");
});

test("ROOM-35: onMessage, onClose, broadcast to all and broadcast to all others", async () => {
  const { clients } = await meeting();
  const [one, other] = clients;
  one.send("others hi", "broadcast all");
  expect([await other.next(), await other.next(), await one.next()]).toEqual(["hi", "all", "all"]);
  await one.close(1000);
  expect(await other.next()).toBe("left 0");
});

test("ROOM-35: state and setState, id, name and env", async () => {
  const { room, clients } = await meeting();
  expect(await answer(clients[0], "count")).toBe("1");
  await room.sleep();
  expect(await answer(clients[0], "count")).toBe("2");
  expect(await answer(clients[0], "who")).toMatch(new RegExp(`^[\\w-]{36} ${room.name} true$`));
});

test("ROOM-35: getConnections, getConnections(tag) and getConnection(id)", async () => {
  const { clients } = await meeting();
  const [red, plain] = clients;
  expect(await answer(plain, "all")).toBe("2");
  expect(await red.next()).toBe("2");
  plain.send("tag red");
  expect(await red.next()).toBe("tagged");
  const [id] = String(await answer(red, "who")).split(" ");
  plain.send(`to ${id}`);
  expect(await red.next()).toBe("to you");
});

test("ROOM-35: onStart and onRequest", async () => {
  const { room } = await meeting();
  const response = await room.request({ method: "POST", body: "asked" });
  expect(await response.json()).toEqual(["asked", 2]);
});

test("ROOM-35: onAlarm", async () => {
  const clock = stopClock();
  const { room, clients } = await meeting();
  clients[0].send("alarm");
  await until(async () => (await room.alarm()) === Date.now() + 60_000);
  await room.sleep();
  clock.advance(60_000);
  await room.runAlarm();
  expect(await clients[1].next()).toBe("alarm");
});

test("ROOM-35: getServerByName, for its methods and its fetch", async () => {
  const { room } = await meeting();
  const stub = roomOf(env, { [room.kind]: server } as Record<string, typeof server>, room.kind, room.name);
  expect(await stub.call("greet", "ann")).toBe(`${room.name}: hello ann`);
  const response = await stub.fetch(new Request("https://any.where", { method: "POST", body: "x" }));
  expect(await response.json()).toEqual(["x", 2]);
});
