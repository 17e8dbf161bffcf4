/** An application with a kind of room that uses everything that a room can do beside its sockets. */
import { Hono } from "hono";
import { createGateway } from "../../../src/index.ts";
import type { RoomContext, RoomHandler } from "../../../src/rooms/handler.ts";

const keeper = {
  heartbeat: { request: "ping", response: "pong" },
  maxRequestBody: 1_000,
  start({ storage }) {
    storage.sql.exec("CREATE TABLE IF NOT EXISTS notes (note TEXT)");
  },
  open: (ws) => ws.subscribe("notes"),
  message(ws, message, room) {
    note(room, String(message));
    if (message === "alarm") room.setAlarm(Date.now() + 2_000);
    ws.send(`noted ${message}`);
  },
  async request(request, room) {
    if (request.method === "POST") note(room, await request.text());
    return Response.json(notes(room), { headers: { "X-Method": request.method } });
  },
  alarm: (room) => note(room, "alarm was called"),
  calls: {
    count: (room: RoomContext) => notes(room).length,
    echo: (_room: RoomContext, text: string) => text,
  },
} satisfies RoomHandler;

function note({ storage }: RoomContext, text: string): void {
  storage.sql.exec("INSERT INTO notes VALUES (?)", text);
}

function notes({ storage }: RoomContext): string[] {
  return storage.sql
    .exec<{ note: string }>("SELECT note FROM notes")
    .toArray()
    .map(({ note }) => note);
}

const application = new Hono();
const gateway = createGateway({ rooms: { keeper }, fallback: application });
application.get("/count/:room", async ({ req, env, json }) =>
  json(await gateway.room(env as object, "keeper", req.param("room")).call("count")),
);

export const { Room, Hub, Directory, Api, Outgoing } = gateway;
export default gateway;
