/** Rooms that close a socket from wherever a room can. */
import { Room as GatewayRoom } from "../../../durable-objects/room.ts";
import { createApp } from "../../../src/app.ts";
import type { RoomHandler } from "../../../src/rooms/handler.ts";

export { Hub } from "../../../durable-objects/hub.ts";

const CODE = 4001;

const kinds: Record<string, RoomHandler> = {
  /** Answers with the message; "me" closes its sender, "others" everybody else. */
  message: {
    message(ws, message, { sockets }) {
      if (message === "me") ws.close(CODE);
      else if (message === "others") {
        for (const socket of sockets) if (socket.id !== ws.id) socket.close(CODE);
      } else ws.send(message);
    },
  },
  open: { open: (ws) => ws.close(CODE), message() {} },
  tick: {
    tickInterval: 500,
    tick({ sockets }) {
      for (const socket of sockets) socket.close(CODE);
    },
    message: (ws, message) => ws.send(message),
  },
  /** Has one place. */
  single: {
    maxSockets: 1,
    message: (ws) => ws.close(CODE),
  },
};

export class Room extends GatewayRoom {
  protected override get kinds(): Readonly<Record<string, RoomHandler>> {
    return kinds;
  }
}

export default { fetch: createApp(kinds).fetch };
