import { Room as GatewayRoom } from "../../durable-objects/room.ts";
import { createApp } from "../../src/app.ts";
import type { RoomHandler } from "../../src/rooms/handler.ts";
import { testKinds } from "./kinds.ts";

/** The gateway's room with the kinds of the tests beside those that ship. */
export class Room extends GatewayRoom {
  protected override get kinds(): Readonly<Record<string, RoomHandler>> {
    return testKinds;
  }
}

export default createApp(testKinds);
