import type { RoomHandler } from "./handler.ts";

const GREETING = "Hello from server";

/**
 * The classic first WebSocket server: greets on open and every 15 seconds, and answers everything with itself. A client that
 * says nothing for an hour is closed. `/ws` is a room of this kind for each visitor.
 *
 * @example
 * createGateway({ rooms: { hello } }); // wss://…/ws
 */
export const hello: RoomHandler = {
  tickInterval: 15_000,
  // Whoever vanished without a sign would be greeted for ever.
  idleTimeout: 3_600,
  open(ws) {
    ws.send(GREETING);
  },
  message(ws, message) {
    ws.send(message);
  },
  tick(room) {
    for (const ws of room.sockets) ws.send(GREETING);
  },
};
