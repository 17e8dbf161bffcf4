import "../../../test/gateway/own.ts";
import type { RoomHandler } from "../../../src/rooms/handler.ts";
import { appOf, GatewayRoom } from "../../../test/gateway/classes.ts";

export { GatewayDirectory as Directory, GatewayHub as Hub } from "../../../test/gateway/classes.ts";

let lives = 0;

/** Answers every message with how often the room was awake, and heartbeats not at all: the runtime does. */
const beating: RoomHandler = {
  heartbeat: { request: "ping", response: "pong" },
  start() {
    lives += 1;
  },
  message: (ws) => ws.send(String(lives)),
};

const kinds = { beating };

/** The gateway's room with the kind of the measurement. */
export class Room extends GatewayRoom {
  protected override get kinds() {
    return kinds;
  }
}

export default appOf(kinds);
