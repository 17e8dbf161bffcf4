import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

type Direction = "to the client" | "to the gateway";

/** Stands between one client and the gateway, and loses its connections in the ways in which networks do. */
export class Relay {
  readonly #server: Server;
  readonly #links = new Set<Link>();
  #isAway = false;
  #held: Direction | undefined;

  private constructor(gatewayPort: () => number) {
    this.#server = createServer((client) => {
      if (this.#isAway) return void client.destroy();
      const link = new Link(client, connect(gatewayPort(), "127.0.0.1"), () => this.#links.delete(link));
      link.hold(this.#held);
      this.#links.add(link);
    });
  }

  static async start(gatewayPort: () => number): Promise<Relay> {
    const relay = new Relay(gatewayPort);
    relay.#server.listen(0, "127.0.0.1");
    await once(relay.#server, "listening");
    return relay;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** Ends every connection. The client may come back at once. */
  cut(): void {
    for (const link of this.#links) link.end();
  }

  /** Ends every connection, and lets no new one through until `work` has ended. */
  async whileAway(work: () => Promise<unknown>): Promise<void> {
    this.#isAway = true;
    this.cut();
    await work();
    this.#isAway = false;
  }

  /** Holds back what comes in one direction until `work` has ended, also on new connections. */
  async whileHeld(direction: Direction, work: () => Promise<unknown>): Promise<void> {
    this.#hold(direction);
    await work();
    this.#hold(undefined);
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #hold(direction: Direction | undefined): void {
    this.#held = direction;
    for (const link of this.#links) link.hold(direction);
  }
}

/** One connection of the client, and the one that it is passed on to. */
class Link {
  readonly #client: Socket;
  readonly #gateway: Socket;

  constructor(client: Socket, gateway: Socket, onEnd: () => void) {
    this.#client = client;
    this.#gateway = gateway;
    client.setNoDelay().pipe(gateway);
    gateway.setNoDelay().pipe(client);
    for (const [socket, other] of [
      [client, gateway],
      [gateway, client],
    ] as const) {
      socket
        .on("error", () => {})
        .once("close", (hadError) => {
          if (hadError) other.destroy();
          else other.destroySoon();
          onEnd();
        });
    }
  }

  hold(direction: Direction | undefined): void {
    pass(this.#gateway, this.#client, direction !== "to the client");
    pass(this.#client, this.#gateway, direction !== "to the gateway");
  }

  end(): void {
    this.#client.destroy();
    this.#gateway.destroy();
  }
}

function pass(from: Socket, to: Socket, isOpen: boolean): void {
  from.unpipe(to);
  if (isOpen) from.pipe(to);
}
