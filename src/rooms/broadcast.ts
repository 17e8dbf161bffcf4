import type { RoomHandler } from "./handler.ts";

/**
 * Passes every message on to everyone else in the room. It is hardly limited: 50,000 messages and 64 MiB a second from each
 * client, who need not say who they are.
 *
 * @example
 * createGateway({ rooms: { broadcast } }); // wss://…/rooms/broadcast/lobby
 */
export const broadcast: RoomHandler = {
  rateLimit: { perSecond: 50_000, burst: 100_000 },
  byteRate: { perSecond: 64 * 1024 * 1024, burst: 64 * 1024 * 1024 },
  open(ws) {
    ws.subscribe("everyone");
  },
  message(ws, message) {
    ws.publish("everyone", message);
  },
};
