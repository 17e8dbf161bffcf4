/** Drives centrifuge-js: `support/program.ts` says how. */
import {
  Centrifuge,
  type ClientInfo,
  type Options,
  type PublicationContext,
  type Subscription,
} from "centrifuge";
import { Centrifuge as ProtobufCentrifuge } from "centrifuge/build/protobuf";
import { EventSource } from "eventsource";
import { serve, write } from "../../support/serve.ts";

interface Command {
  readonly id: number;
  readonly client: string;
  readonly do: string;
  // Of each command only some of these.
  readonly host: string;
  readonly codec: "json" | "protobuf";
  readonly transport: "websocket" | "http_stream" | "sse";
  readonly timeout: number;
  readonly maxPingDelay: number;
  readonly tokens?: readonly string[];
  readonly channel: string;
  readonly data?: string;
  readonly joinLeave?: boolean;
  readonly method: string;
  readonly limit: number;
  readonly since?: { readonly offset: number; readonly epoch: string };
  readonly reverse?: boolean;
}

/** Payloads as the codec of a client has them. */
interface Payloads {
  read(text: string): unknown;
  write(data: unknown): string | undefined;
}

const PAYLOADS: Readonly<Record<Command["codec"], Payloads>> = {
  json: { read: (text) => JSON.parse(text), write: (data) => JSON.stringify(data) },
  protobuf: {
    read: (text) => new TextEncoder().encode(text),
    write: (data) => new TextDecoder().decode(data as Uint8Array | undefined),
  },
};

class Client {
  readonly #name: string;
  readonly #centrifuge: Centrifuge;
  readonly #payloads: Payloads;

  constructor({ client, host, codec, transport, timeout, maxPingDelay, tokens, data }: Command) {
    this.#name = client;
    this.#payloads = PAYLOADS[codec];
    const options: Partial<Options> = {
      timeout,
      maxServerPingDelay: maxPingDelay,
      minReconnectDelay: 50,
      maxReconnectDelay: 500,
      data: this.#read(data),
      ...(tokens && { getToken: this.#tokens(tokens) }),
      emulationEndpoint: `http://${host}/emulation`,
      eventsource: EventSource,
    };
    const scheme = transport === "websocket" ? "ws" : "http";
    const endpoint = `${scheme}://${host}/connection/${transport}`;
    const Sdk = codec === "json" ? Centrifuge : (ProtobufCentrifuge as unknown as typeof Centrifuge);
    this.#centrifuge = new Sdk([{ transport, endpoint }], options);
    this.#centrifuge
      .on("connecting", ({ code, reason }) => this.#tell("connecting", { code, reason }))
      .on("connected", ({ client: id, data: given }) =>
        this.#tell("connected", { id, data: this.#write(given) }),
      )
      .on("disconnected", ({ code, reason }) => this.#tell("disconnected", { code, reason }))
      .on("error", ({ error }) => this.#tell("error", error))
      .on("subscribed", ({ channel, wasRecovering, recovered }) =>
        this.#tell("subscribed", { channel, wasRecovering, recovered }),
      )
      .on("unsubscribed", ({ channel }) => this.#tell("unsubscribed", { channel }))
      .on("publication", (publication) => this.#tellPublication(publication))
      .connect();
  }

  async carryOut(command: Command): Promise<unknown> {
    const { channel, method, limit, since, reverse = false } = command;
    switch (command.do) {
      case "disconnect":
        return this.#centrifuge.disconnect();
      case "subscribe":
        return this.#subscribe(command);
      case "unsubscribe":
        return this.#centrifuge.getSubscription(channel)?.unsubscribe();
      case "publish":
        return this.#centrifuge.publish(channel, this.#read(command.data));
      case "presence":
        return Object.values((await this.#centrifuge.presence(channel)).clients).map(memberOf);
      case "presenceStats": {
        const { numClients, numUsers } = await this.#centrifuge.presenceStats(channel);
        return { clients: numClients, users: numUsers };
      }
      case "history": {
        const read = await this.#centrifuge.history(channel, { limit, reverse, ...(since && { since }) });
        const publications = read.publications.map(({ offset, data }) => ({
          offset,
          data: this.#write(data),
        }));
        return { ...read, publications };
      }
      case "rpc":
        return { data: this.#write((await this.#centrifuge.rpc(method, this.#read(command.data))).data) };
      default:
        throw new Error(`no command ${command.do}`);
    }
  }

  #subscribe({ channel, tokens, data, joinLeave = false }: Command): void {
    const subscription: Subscription = this.#centrifuge.newSubscription(channel, {
      joinLeave,
      data: this.#read(data),
      ...(tokens && { getToken: this.#tokens(tokens, channel) }),
    });
    subscription
      .on("subscribing", ({ code, reason }) => this.#tell("subscribing", { channel, code, reason }))
      .on("subscribed", ({ wasRecovering, recovered, data: given }) =>
        this.#tell("subscribed", { channel, wasRecovering, recovered, data: this.#write(given) }),
      )
      .on("unsubscribed", ({ code, reason }) => this.#tell("unsubscribed", { channel, code, reason }))
      .on("error", ({ error }) => this.#tell("error", { channel, ...error }))
      .on("join", ({ info }) => this.#tell("join", { channel, ...memberOf(info) }))
      .on("leave", ({ info }) => this.#tell("leave", { channel, ...memberOf(info) }))
      .on("publication", (publication) => this.#tellPublication(publication))
      .subscribe();
  }

  #tokens(tokens: readonly string[], channel?: string): () => Promise<string> {
    let asked = 0;
    return async () => {
      asked += 1;
      this.#tell("token", { channel });
      return tokens[Math.min(asked, tokens.length) - 1] ?? "";
    };
  }

  #tellPublication({ channel, offset, data, info, tags }: PublicationContext): void {
    this.#tell("publication", { channel, offset, data: this.#write(data), user: info?.user, tags });
  }

  #tell(event: string, facts: object): void {
    write({ client: this.#name, event, ...facts });
  }

  #read(text: string | undefined): unknown {
    return text === undefined ? undefined : this.#payloads.read(text);
  }

  #write(data: unknown): string | undefined {
    return this.#payloads.write(data);
  }
}

function memberOf({ client, user }: ClientInfo): { id: string; user: string } {
  return { id: client, user };
}

const clients = new Map<string, Client>();

async function obey(command: Command): Promise<unknown> {
  if (command.do === "connect") {
    clients.set(command.client, new Client(command));
    return undefined;
  }
  return clients.get(command.client)?.carryOut(command);
}

await serve(obey);
