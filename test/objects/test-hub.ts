import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import type { Env } from "../../src/deployment/env.ts";
import { until } from "./client.ts";
import { type ConnectBody, channelRequest, HubClient } from "./hub-client.ts";
import { bindHub, configureHub } from "./hub-config.ts";

export interface ConnectedClient {
  readonly client: HubClient;
  readonly connect: ConnectBody;
}

/** A hub that no other test uses. */
export class TestHub {
  readonly name: string;
  /** Whether it sleeps before each command that a client waits for. */
  readonly isSleepy: boolean;

  constructor({
    name = `edge/test/${crypto.randomUUID()}`,
    config,
    env: bindings,
    isSleepy = false,
  }: HubSettings = {}) {
    this.name = name;
    this.isSleepy = isSleepy;
    if (config) configureHub(name, config);
    if (bindings) bindHub(name, bindings);
  }

  async open(query?: string, headers?: Record<string, string | undefined>): Promise<HubClient> {
    const response = await this.handshake(query, headers);
    if (response.webSocket === null) throw new Error(`refused with ${response.status}`);
    return new HubClient(response.webSocket, () => this.rest());
  }

  /** Asks for a WebSocket. A client that never takes it never answers a close. */
  handshake(query?: string, headers?: Record<string, string | undefined>): Promise<Response> {
    return this.#stub.fetch(channelRequest(query, headers));
  }

  /** Opens a socket and connects. Throws when that is refused. */
  async connect(body: Record<string, unknown> = {}): Promise<HubClient> {
    return (await this.connected(body)).client;
  }

  async connected(body: Record<string, unknown> = {}): Promise<ConnectedClient> {
    const client = await this.open();
    return { client, connect: await client.ask<ConnectBody>("connect", body) };
  }

  /** Sleeps, if it is a sleepy one. */
  async rest(): Promise<void> {
    if (this.isSleepy) await this.sleep();
  }

  /** Puts the object to sleep: its memory is gone, its sockets stay. */
  async sleep(): Promise<void> {
    await this.sockets();
    await evictDurableObject(this.#stub);
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

  /** Lets time pass on a stopped clock: each alarm that falls due runs in its time, as in the runtime. Returns how many. */
  async pass(clock: { advance(milliseconds: number): void }, seconds: number): Promise<number> {
    const end = Date.now() + seconds * 1000;
    let count = 0;
    for (let due = await this.alarm(); due !== null && due <= end; due = await this.alarm()) {
      clock.advance(Math.max(0, due - Date.now()));
      await this.rest();
      await this.runAlarmOf(due);
      count += 1;
      if (count > 1_000) throw new Error(`the alarm comes again and again, at ${due}`);
    }
    clock.advance(end - Date.now());
    return count;
  }

  /** Runs the alarm as the runtime does, told when it was due. */
  async runAlarmOf(scheduledTime: number): Promise<void> {
    await runInDurableObject(this.#stub, async (hub, { storage }) => {
      await storage.deleteAlarm();
      await hub.alarm({ scheduledTime, isRetry: false, retryCount: 0 });
    });
  }

  alarm(): Promise<number | null> {
    return this.inside((state) => state.storage.getAlarm());
  }

  /** Sees to it that nothing is left to the alarm. */
  deleteAlarm(): Promise<void> {
    return this.inside((state) => state.storage.deleteAlarm());
  }

  inside<T>(ask: (state: DurableObjectState) => T | Promise<T>): Promise<T> {
    return runInDurableObject(this.#stub, (_, state) => ask(state));
  }

  sockets(): Promise<number> {
    return this.inside((state) => state.getWebSockets().length);
  }

  untilEmpty(): Promise<void> {
    return until(async () => (await this.sockets()) === 0);
  }

  /** Names of the tables that the hub has made. */
  tables(): Promise<string[]> {
    return this.inside(({ storage }) =>
      storage.sql
        .exec<{ name: string }>(
          "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
        )
        .toArray()
        .map(({ name }) => name),
    );
  }

  /** Rows of one table; none where it has not been made. */
  async rows(table: string): Promise<Record<string, SqlStorageValue>[]> {
    if (!(await this.tables()).includes(table)) return [];
    return this.inside(({ storage }) => storage.sql.exec(`SELECT * FROM ${table}`).toArray());
  }

  get #stub() {
    return env.HUB.getByName(this.name);
  }
}

export interface HubSettings {
  readonly name?: string;
  readonly config?: Config | undefined;
  /** Bindings beside those of the other hubs. */
  readonly env?: Partial<Env>;
  readonly isSleepy?: boolean;
}

/** Where the session of a scenario is, and whether its hub sleeps between any two commands. */
const CIRCUMSTANCES = [
  { where: "at the channel's home", isHome: true, isSleepy: false },
  { where: "at the channel's home, asleep in between", isHome: true, isSleepy: true },
  { where: "away from the channel's home, asleep in between", isHome: false, isSleepy: true },
] as const;

export interface Scenario {
  readonly hub: TestHub;
  /** A channel of the namespace that the scenario is about. */
  readonly channel: string;
}

/** Tests the same at the home of a channel and away from it, awake and with sleep between any two commands. */
export function scenario(
  title: string,
  { namespace, config }: { namespace: string; config?: Config },
  run: (scenario: Scenario) => Promise<void>,
): void {
  test.each(CIRCUMSTANCES)(`${title} ($where)`, async ({ isHome, isSleepy }) => {
    const channel = `${namespace}:${crypto.randomUUID()}`;
    const name = isHome ? `home/${channel}` : `edge/test/${crypto.randomUUID()}`;
    await run({ hub: new TestHub({ name, config, isSleepy }), channel });
  });
}
