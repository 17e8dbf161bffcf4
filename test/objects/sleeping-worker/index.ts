/** An application that says of each of its objects in which waking life it is. Asking wakes it. */
import { Hono } from "hono";
import type { Hub as HubObject } from "../../../durable-objects/hub/hub.ts";
import { createGateway } from "../../../src/index.ts";
import type { RoomContext, RoomHandler } from "../../../src/rooms/handler.ts";
import { forEverybody, withPresence } from "../../support/channel-options.ts";

/** The waking life of each room, by its name: `start` is called once in each. */
const lives = new Map<string, string>();

const plain = {
  start: ({ kind, name }) => void lives.set(`${kind}/${name}`, crypto.randomUUID()),
  open: (ws) => ws.subscribe("all"),
  message: (ws, message) => ws.publish("all", message),
  calls: { life: ({ kind, name }: RoomContext) => lives.get(`${kind}/${name}`) },
} satisfies RoomHandler;

const rooms = {
  plain,
  beating: { ...plain, heartbeat: { request: "ping", response: "pong" } },
  alarmed: {
    ...plain,
    open: (_, room) => room.setAlarm(Date.now() + 100),
    alarm: ({ sockets }) => {
      for (const socket of sockets) socket.send("called");
    },
  },
  streamed: { ...plain, stream: true },
  asked: { ...plain, request: () => new Response("answered") },
} satisfies Record<string, RoomHandler>;

const kept = {
  ...forEverybody,
  ...{ history_size: 10, history_ttl: 3_600, force_recovery: true },
  ...{ allow_history_for_client: true, allow_history_for_anonymous: true },
};
const fallback = new Hono();
const gateway = createGateway({
  rooms,
  fallback,
  channels: {
    // A ping is an activity: with the usual interval, one may come just before a hub would sleep.
    connection: {
      allowAnonymous: true,
      pingInterval: 3_600,
      staleCloseDelay: 1,
      personalChannel: { enabled: true, namespace: "own" },
    },
    namespaces: [
      { name: "open", ...forEverybody },
      { name: "keep", ...kept },
      { name: "full", ...kept, ...withPresence, join_leave: true, force_push_join_leave: true },
      { name: "own", ...kept, allow_user_limited_channels: true },
    ],
  },
});

fallback.get("/lives/hub", async ({ req, env, text }) => {
  const { HUB } = env as { HUB: DurableObjectNamespace<HubObject> };
  return text((await HUB.getByName(req.query("name") ?? "").metrics()).incarnation);
});
fallback.get("/lives/room/:kind", async ({ req, env, text }) => {
  const room = gateway.room(env as object, req.param("kind") as keyof typeof rooms, "one");
  return text(String(await room.call("life")));
});

export const { Room, Hub, Directory, Api, Outgoing } = gateway;
export default gateway;
