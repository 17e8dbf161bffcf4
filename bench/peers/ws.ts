import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";

/** Rooms on `ws`, the usual server on Node: `/echo/:room`, `/broadcast/:room`. Tells its parent process the port. */
const rooms = new Map<string, Set<WebSocket>>();

function join(room: string, socket: WebSocket): Set<WebSocket> {
  const sockets = rooms.get(room) ?? new Set();
  rooms.set(room, sockets.add(socket));
  socket.on("close", () => {
    sockets.delete(socket);
    if (sockets.size === 0) rooms.delete(room);
  });
  return sockets;
}

const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });

server.on("connection", (socket, { url = "" }) => {
  const sockets = join(url, socket);
  const echoes = url.startsWith("/echo/");
  socket.on("message", (message, binary) => {
    if (echoes) return socket.send(message, { binary });
    for (const other of sockets) {
      if (other !== socket && other.readyState === WebSocket.OPEN) other.send(message, { binary });
    }
  });
});

server.on("listening", () => process.send?.((server.address() as AddressInfo).port));
process.on("disconnect", () => process.exit());
