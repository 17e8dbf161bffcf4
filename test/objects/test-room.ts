import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import type { RoomHandler } from "../../src/rooms/handler.ts";
import { objectName } from "../../src/rooms/name.ts";
import { sleep } from "../../src/testing/sleep.ts";
import { until } from "../support/until.ts";
import { type Client, connect, GATEWAY, handshake } from "./client.ts";
import { addKind } from "./kinds.ts";

/** A room that no other test uses. */
export class TestRoom {
  readonly kind: string;
  readonly name: string;

  /** A room of a kind that ships, or of a kind made for the test. */
  constructor(kind: string | RoomHandler, name: string = crypto.randomUUID()) {
    this.kind = typeof kind === "string" ? kind : addKind(kind);
    this.name = name;
  }

  get path(): string {
    return `/rooms/${this.kind}/${encodeURIComponent(this.name)}`;
  }

  connect(headers?: Record<string, string>): Promise<Client> {
    return connect(this.path, headers);
  }

  handshake(changes?: Record<string, string | undefined>): Promise<Response> {
    return handshake(this.path, changes);
  }

  /** Asks the room over HTTP, without a WebSocket. */
  request(init: RequestInit = {}, query = ""): Promise<Response> {
    return exports.default.fetch(GATEWAY + this.path + query, init);
  }

  /** Puts the object to sleep: its memory is gone, its sockets stay. */
  sleep(): Promise<void> {
    return sleep(this.#stub);
  }

  /** Resets the object: its memory and its sockets are gone. */
  async crash(): Promise<void> {
    await this.sockets();
    await evictDurableObject(this.#stub, { webSockets: "close" });
  }

  /** Runs the alarm, if one is set, and tells whether one was. */
  runAlarm(): Promise<boolean> {
    return runDurableObjectAlarm(this.#stub);
  }

  alarm(): Promise<number | null> {
    return this.inside((state) => state.storage.getAlarm());
  }

  /** Runs the alarm as the runtime does, told when it was due. */
  async runAlarmOf(scheduledTime: number): Promise<void> {
    await runInDurableObject(this.#stub, async (room, { storage }) => {
      await storage.deleteAlarm();
      await room.alarm({ scheduledTime, isRetry: false, retryCount: 0 });
    });
  }

  /** Reports a failed connection, as the runtime does. */
  async failConnection(failure: Error): Promise<void> {
    await runInDurableObject(this.#stub, async (room, state) => {
      for (const raw of state.getWebSockets()) await room.webSocketError(raw, failure);
    });
  }

  /** Reports that the clients have vanished, as the runtime does: it still has their sockets then. */
  async reportVanished(): Promise<void> {
    await runInDurableObject(this.#stub, async (room, state) => {
      for (const raw of state.getWebSockets()) await room.webSocketClose(raw, 1006, "");
    });
  }

  inside<T>(ask: (state: DurableObjectState) => T | Promise<T>): Promise<T> {
    return runInDurableObject(this.#stub, (_, state) => ask(state));
  }

  /** How many sockets the runtime holds for the room. */
  sockets(): Promise<number> {
    return this.inside((state) => state.getWebSockets().length);
  }

  /** Waits until the runtime has let go of every socket. */
  untilEmpty(): Promise<void> {
    return until(async () => (await this.sockets()) === 0);
  }

  get #stub() {
    return env.ROOM.getByName(objectName(this.kind, this.name));
  }
}
