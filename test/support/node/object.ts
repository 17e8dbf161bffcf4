import { keepHeaders } from "../../../src/channels/kept-headers.ts";
import { resolveConfig } from "../../../src/config/config.ts";
import { SHIPPED_SETTINGS } from "../../../src/hub/settings.ts";
import {
  type Answer,
  type Call,
  callHub,
  type HubRpc,
  hubOf,
  type Method,
} from "../../../src/hub-rpc/hub-rpc.ts";
import { chooseEncoding } from "../../../src/protocol/subprotocol.ts";
import { traceOf } from "../../../src/shared/trace-context.ts";
import { bindingsOf, configOf, settingsOf, testSecrets } from "../hub-config.ts";
import { onItsWay } from "../hub-links.ts";
import { pause } from "../until.ts";
import { type Lasting, Life } from "./life.ts";
import { NodeSocket, type ServerEnd } from "./socket.ts";
import { NodeStorage } from "./storage.ts";
import { turn } from "./turn.ts";

/** More than follow from each other. */
const TURNS = 10;

const objects = new Map<string, NodeObject>();

/** The hub of a name, made where it is not there yet. */
export function objectNamed(name: string): NodeObject {
  const object = objects.get(name) ?? new NodeObject(name);
  objects.set(name, object);
  return object;
}

/** An object of the platform, which runs a hub when something happens to it. */
export class NodeObject implements Lasting, ServerEnd {
  readonly name: string;
  readonly storage = new NodeStorage();
  readonly sockets = new Set<NodeSocket>();
  #life: Life | undefined;
  #held: Promise<void> | undefined;

  constructor(name: string) {
    this.name = name;
  }

  readonly stubOf = (hub: string): HubRpc => onItsWay(this.name, hub, stubOf(hub));

  /** Takes a handshake. Throws when it is refused. */
  async open(request: Request): Promise<NodeSocket> {
    await turn();
    const { server } = this.#awake;
    if (server.refusal !== undefined) throw new Error("refused with 503");
    const names = this.#config.proxy?.httpHeaders ?? [];
    const kept = names.length === 0 ? undefined : keepHeaders(request.headers, names);
    if (names.length > 0 && kept === undefined) throw new Error("refused with 431");
    const socket = new NodeSocket(this);
    this.sockets.add(socket);
    const trace = traceOf(request.headers);
    const handshake = { encoding: chooseEncoding(request), headers: kept, trace };
    socket.pong = server.accept(this.#awake.connectionOf(socket), handshake).codec.pong;
    return socket;
  }

  /** Keeps whatever comes from the hub until the function that it returns is called. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held = promise.then(() => {
      this.#held = undefined;
    });
    return resolve;
  }

  message(socket: NodeSocket, frame: string | ArrayBuffer): void {
    if (this.#held) void this.#held.then(() => this.message(socket, frame));
    else this.#take(socket, frame);
  }

  #take(socket: NodeSocket, frame: string | ArrayBuffer): void {
    if (this.sockets.has(socket)) this.#awake.server.message(this.#awake.connectionOf(socket), frame);
  }

  closed(socket: NodeSocket, code: number): void {
    const life = this.#awake;
    if (this.sockets.delete(socket)) life.server.closed(life.connectionOf(socket), code);
  }

  /** Takes a call of another hub. */
  async take<Name extends Method>(method: Name, call: Call<Name>): Promise<Answer<Name>> {
    await this.#held;
    const { server, over } = this.#awake;
    return Promise.race([callHub(server.rpc, method, call), over]);
  }

  async runAlarm(scheduledTime: number | undefined): Promise<void> {
    await this.storage.deleteAlarm();
    const life = this.#awake;
    await Promise.race([life.server.alarm(scheduledTime), life.over]);
  }

  /** Falls asleep once it is idle. */
  async sleep(): Promise<void> {
    await this.idle();
    this.#end();
  }

  readonly crash = (): void => {
    this.#end();
    for (const socket of this.sockets) socket.drop();
    this.sockets.clear();
  };

  /** Lets what has come before come to its end: frames on their way, and a flush that waits for its turn. */
  async idle(): Promise<void> {
    for (let count = 0; count < 3; count += 1) {
      // On a busy machine, a millisecond may be over after a single turn.
      for (let turns = 0; turns < TURNS; turns += 1) await turn();
      await pause(1);
    }
    await turn();
  }

  #end(): void {
    this.#life?.end();
    this.#life = undefined;
  }

  get #awake(): Life {
    this.#life ??= new Life(this, this.#config, settingsOf(this.name, SHIPPED_SETTINGS));
    return this.#life;
  }

  get #config() {
    return resolveConfig(configOf(this.name), { ...testSecrets, ...bindingsOf(this.name) });
  }
}

/** Another hub, as objects reach it. */
export function stubOf(hub: string): HubRpc {
  return hubOf((method, call) => carry(call, (arrived) => objectNamed(hub).take(method, arrived)));
}

/** Carries a call from object to object: as copies, in turns of their own. */
async function carry<Sent, Result>(call: Sent, take: (arrived: Sent) => Promise<Result>): Promise<Result> {
  const sent = structuredClone(call);
  await turn();
  const answer = structuredClone(await take(sent));
  await turn();
  return answer;
}
