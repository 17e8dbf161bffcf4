import { Heap } from "../../test/support/heap.ts";
import { startWorkerd, type Workerd } from "../../test/support/workerd.ts";
import { hubPath, openConnected } from "../channels.ts";
import { type LoadSocket, openSockets } from "../load.ts";

const CONFIG = new URL("../peers/workers/capacity.toml", import.meta.url).pathname;
/** A collection leaves what only a weak reference was left of. */
const COLLECTIONS = 2;
const MB = 1_048_576;
/** As in `Scavenge 50.1 (60.2) -> 48.0 (61.0) MB`: in use before and after, and what the heap occupies. */
const TRACED_COLLECTION = /(?:Scavenge|Mark-Compact)[^\n]*? ([\d.]+) \([\d.]+\) -> /g;

export interface GatewayOptions {
  /** Sockets that a hub takes, whatever memory they need; without it, the limits are those that ship. */
  readonly sockets?: number;
  /** Seconds between two pings; without it, none comes in the time of a measurement. */
  readonly pingSeconds?: number;
  /** Megabytes of the heap of all its objects together. */
  readonly heap?: number;
}

/** A gateway of `peers/workers/capacity.ts`, whose heap can be looked at. */
export class CapacityGateway {
  readonly heap: Heap;
  readonly #workerd: Workerd;

  private constructor(workerd: Workerd, heap: Heap) {
    this.#workerd = workerd;
    this.heap = heap;
  }

  static async start({ sockets, pingSeconds, heap }: GatewayOptions = {}): Promise<CapacityGateway> {
    const workerd = await startWorkerd({
      configPath: CONFIG,
      vars: {
        ...(sockets === undefined ? {} : { SOCKETS: String(sockets) }),
        ...(pingSeconds === undefined ? {} : { PING_SECONDS: String(pingSeconds) }),
      },
      v8Flags: ["--expose-gc", "--trace-gc", ...(heap === undefined ? [] : [`--max-heap-size=${heap}`])],
      isInspected: true,
    });
    return new CapacityGateway(workerd, await Heap.of(workerd.inspectorPort));
  }

  get port(): number {
    return this.#workerd.port;
  }

  get pid(): number {
    return this.#workerd.pid;
  }

  /** Opens sessions at a hub that have not connected. */
  open(hub: string, count: number): Promise<LoadSocket[]> {
    return openSockets(this.port, hubPath(hub), count);
  }

  /** Opens sessions at a hub that are connected and subscribed to a channel. */
  subscribe(hub: string, channel: string, count: number): Promise<LoadSocket[]> {
    return openConnected(this.port, hubPath(hub), channel, count);
  }

  /** Opens sockets in a room that passes on what one sends to all others. */
  openRoom(room: string, count: number): Promise<LoadSocket[]> {
    return openSockets(this.port, `/rooms/${room}`, count);
  }

  /** Bytes of the heap in use, without garbage. */
  async usedBytes(): Promise<number> {
    for (let count = 0; count < COLLECTIONS; count += 1) await this.#get("/collect");
    return this.heap.usedBytes();
  }

  /** Bytes of the heap in use, garbage among them, at most while something is done: what V8 tells of each collection. */
  async peakBytes(work: () => Promise<void>): Promise<number> {
    const before = this.#workerd.output().length;
    await work();
    const traced = this.#workerd.output().slice(before).matchAll(TRACED_COLLECTION);
    const beforeCollections = Array.from(traced, ([, megabytes]) => Number(megabytes) * MB);
    return Math.max(await this.heap.usedBytes(), ...beforeCollections);
  }

  /** How often a hub has woken. Asking does not wake it. */
  lives(hub: string): Promise<number> {
    return this.#get(`/lives/${encodeURIComponent(hub)}`) as Promise<number>;
  }

  /** Bytes that a hub believes its sessions, subscriptions and channels to take. Asking wakes it. */
  async estimatedBytes(hub: string): Promise<number> {
    const { samples } = (await this.#get(`/metrics/${encodeURIComponent(hub)}`)) as {
      samples: Readonly<Record<string, number>>;
    };
    return samples.poorwill_hub_memory_bytes ?? Number.NaN;
  }

  async stop(): Promise<void> {
    this.heap.close();
    await this.#workerd.kill();
  }

  async #get(path: string): Promise<unknown> {
    return (await fetch(`${this.#workerd.url}${path}`)).json();
  }
}
