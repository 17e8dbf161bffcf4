import { ROOM_LIMITS } from "../shared/limits.ts";
import type { RoomHandler } from "./handler.ts";

/**
 * Answers every message with itself: text as text, binary as binary. Made for measuring, so it is hardly limited: 50,000
 * messages and 256 MiB a second from each client, who need not say who they are.
 *
 * @example
 * createGateway({ rooms: { echo } }); // wss://…/rooms/echo/anything
 */
export const echo: RoomHandler = {
  protocols: ["echo"],
  maxPayloadLength: ROOM_LIMITS.runtimePayloadLength,
  rateLimit: { perSecond: 50_000, burst: 100_000 },
  byteRate: { perSecond: 256 * 1024 * 1024, burst: 256 * 1024 * 1024 },
  message(ws, message) {
    ws.send(message);
  },
};
