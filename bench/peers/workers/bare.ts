import { DurableObject } from "cloudflare:workers";

interface Env {
  ECHO: DurableObjectNamespace<Echo>;
  BROADCAST: DurableObjectNamespace<Broadcast>;
}

/** The least that holds hibernating sockets: what the runtime costs, and nothing on top. */
class Bare extends DurableObject<Env> {
  override fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketClose(ws: WebSocket): void {
    ws.close();
  }
}

export class Echo extends Bare {
  override webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): void {
    ws.send(message);
  }
}

export class Broadcast extends Bare {
  override webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): void {
    for (const other of this.ctx.getWebSockets()) if (other !== ws) other.send(message);
  }
}

export default {
  fetch(request, env) {
    const [, kind, room = ""] = new URL(request.url).pathname.split("/");
    const rooms = kind === "echo" ? env.ECHO : env.BROADCAST;
    return rooms.getByName(room).fetch(request);
  },
} satisfies ExportedHandler<Env>;
