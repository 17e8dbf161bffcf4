import type { RoomHandler } from "./handler.ts";

/** Passes every message on to everyone else in the room. */
export const broadcast: RoomHandler = {
  rateLimit: { perSecond: 50_000, burst: 100_000 },
  open(ws) {
    ws.subscribe("everyone");
  },
  message(ws, message) {
    ws.publish("everyone", message);
  },
};
