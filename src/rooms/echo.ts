import { ROOM_LIMITS } from "../shared/limits.ts";
import type { RoomHandler } from "./handler.ts";

/** Answers every message with itself: text as text, binary as binary. Made for measuring, so it is hardly limited. */
export const echo: RoomHandler = {
  protocols: ["echo"],
  maxPayloadLength: ROOM_LIMITS.runtimePayloadLength,
  rateLimit: { perSecond: 50_000, burst: 100_000 },
  byteRate: { perSecond: 256 * 1024 * 1024, burst: 256 * 1024 * 1024 },
  message(ws, message) {
    ws.send(message);
  },
};
