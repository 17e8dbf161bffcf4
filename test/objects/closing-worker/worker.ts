/** Rooms that close a socket from wherever a room can. */
import "../../gateway/own.ts";
import type { RoomHandler } from "../../../src/rooms/handler.ts";
import { appOf, GatewayRoom } from "../../gateway/classes.ts";

export { GatewayHub as Hub } from "../../gateway/classes.ts";

const CODE = 4001;

/** Who has asked for the others to be closed, by room. */
const askers = new Map<string, string>();
const waiting: AbortSignal[] = [];
const gate = Promise.withResolvers<void>();
let opened = 0;

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
  /** The same, but the next tick closes them. */
  tick: {
    tickInterval: 500,
    message(ws, message, { name }) {
      if (message === "others") askers.set(name, ws.id);
      else ws.send(message);
    },
    tick({ name, sockets }) {
      const asker = askers.get(name);
      for (const socket of sockets) if (asker !== undefined && socket.id !== asker) socket.close(CODE);
    },
  },
  /** Whoever says `?wait` waits in `upgrade` until somebody says "go"; everything else is answered with what is known. */
  waiting: {
    async upgrade(request) {
      if (!request.url.endsWith("?wait")) return;
      waiting.push(request.signal);
      await gate.promise;
    },
    open: () => {
      opened += 1;
    },
    message(ws, message, { sockets }) {
      if (message === "go") gate.resolve();
      const aborted = waiting.filter((signal) => signal.aborted).length;
      ws.send(JSON.stringify({ waiting: waiting.length, aborted, opened, sockets: [...sockets].length }));
    },
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

export default { fetch: appOf(kinds).fetch };
