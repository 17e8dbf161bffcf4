import { type Connection, routePartykitRequest, Server, type WSMessage } from "partyserver";

/** `routePartykitRequest` finds a class by its binding: `/parties/echo/:room`, `/parties/broadcast/:room`. */
interface Env {
  Echo: DurableObjectNamespace<Echo>;
  Broadcast: DurableObjectNamespace<Broadcast>;
}

export class Echo extends Server<Env & Cloudflare.Env> {
  static override readonly options = { hibernate: true };

  override onMessage(connection: Connection, message: WSMessage): void {
    connection.send(message);
  }
}

export class Broadcast extends Server<Env & Cloudflare.Env> {
  static override readonly options = { hibernate: true };

  override onMessage(connection: Connection, message: WSMessage): void {
    this.broadcast(message, [connection.id]);
  }
}

export default {
  async fetch(request, env) {
    const response = await routePartykitRequest(request, env);
    return response ?? new Response(null, { status: 404 });
  },
} satisfies ExportedHandler<Env & Cloudflare.Env>;
