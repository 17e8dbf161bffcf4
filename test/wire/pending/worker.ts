import "../../gateway/own.ts";
import { DurableObject } from "cloudflare:workers";
import { withTimeout } from "../../../src/shared/timeout.ts";

interface Env {
  readonly CALLER: DurableObjectNamespace<Caller>;
  readonly CALLED: DurableObjectNamespace<Called>;
}

/** Milliseconds after which a call is given up. */
const TIMEOUT = 100;

/** Holds a socket that can sleep, and calls another object. */
export class Caller extends DurableObject<Env> {
  readonly #life = crypto.randomUUID();

  override fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  override async webSocketMessage(socket: WebSocket, message: string): Promise<void> {
    if (message === "give up") await this.#giveUp();
    socket.send(this.#life);
  }

  async #giveUp(): Promise<void> {
    const call = this.env.CALLED.getByName("").hang();
    await withTimeout(call, TIMEOUT).catch(() => {});
    // All that can be done to an RPC promise. The types of ES2024 do not know `Symbol.dispose` yet.
    Reflect.apply(Reflect.get(call, Reflect.get(Symbol, "dispose")), call, []);
  }
}

/** Answers when it is told to. */
export class Called extends DurableObject<Env> {
  readonly #answer = Promise.withResolvers<void>();

  hang(): Promise<void> {
    return this.#answer.promise;
  }

  answer(): void {
    this.#answer.resolve();
  }
}

export default {
  async fetch(request: Request, { CALLER, CALLED }: Env): Promise<Response> {
    if (request.headers.has("Upgrade")) return CALLER.getByName("").fetch(request);
    await CALLED.getByName("").answer();
    return new Response();
  },
};
