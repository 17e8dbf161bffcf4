import { DurableObject } from "cloudflare:workers";

interface Env {
  ECHO: DurableObjectNamespace<Echo>;
  BROADCAST: DurableObjectNamespace<Broadcast>;
  KEPT: DurableObjectNamespace<Kept>;
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

/** Broadcasts what it has stored: one row for each message. */
export class Kept extends Broadcast {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, message ANY)");
  }

  override webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): void {
    this.ctx.storage.sql.exec("INSERT INTO messages (message) VALUES (?)", message);
    super.webSocketMessage(ws, message);
  }
}

export default {
  fetch(request, env) {
    const [, kind, room = ""] = new URL(request.url).pathname.split("/");
    return roomsOf(kind, env).getByName(room).fetch(request);
  },
} satisfies ExportedHandler<Env>;

function roomsOf(kind: string | undefined, env: Env) {
  if (kind === "echo") return env.ECHO;
  return kind === "kept" ? env.KEPT : env.BROADCAST;
}
