import { test } from "vitest";
import type { SqlStorage, SqlValue } from "../../durable-objects/hub/storage/sql-storage.ts";
import type { Config } from "../../src/config/config.ts";
import type { ConnectBody, HubClient } from "./hub-client.ts";
import { type Bindings, bindHub, configureHub } from "./hub-config.ts";
import { until } from "./until.ts";

export interface ConnectedClient {
  readonly client: HubClient;
  readonly connect: ConnectBody;
}

export interface TestHubSettings {
  readonly name?: string;
  readonly config?: Config | undefined;
  /** Bindings beside those of the other hubs. */
  readonly env?: Bindings;
  readonly isSleepy?: boolean;
}

/** What is stored of a hub, as far as tests look at it. */
export interface StateUnderTest {
  readonly storage: SqlStorage & {
    getAlarm(): Promise<number | null>;
    setAlarm(time: number): Promise<void>;
    deleteAlarm(): Promise<void>;
    deleteAll(): Promise<void>;
  };
}

/** A hub that no other test uses: the object inside workerd, or the same parts in plain Node. */
export abstract class HubUnderTest<State extends StateUnderTest = StateUnderTest> {
  readonly name: string;
  /** Whether it sleeps before each command that a client waits for. */
  readonly isSleepy: boolean;

  constructor({
    name = `edge/test/${crypto.randomUUID()}`,
    config,
    env: bindings,
    isSleepy = false,
  }: TestHubSettings = {}) {
    this.name = name;
    this.isSleepy = isSleepy;
    if (config) configureHub(name, config);
    if (bindings) bindHub(name, bindings);
  }

  /** Opens a socket. Throws when that is refused. */
  abstract open(query?: string, headers?: Record<string, string | undefined>): Promise<HubClient>;
  /** Puts the hub to sleep: its memory is gone, its sockets stay. */
  abstract sleep(): Promise<void>;
  /** Resets the hub: its memory and its sockets are gone. */
  abstract crash(): Promise<void>;
  /** Runs the alarm, if one is set, and tells whether one was. */
  abstract runAlarm(): Promise<boolean>;
  /** Runs the alarm as the runtime does, told when it was due. */
  abstract runAlarmOf(scheduledTime: number): Promise<void>;
  /** Looks at what is stored, after whatever has come before. */
  abstract inside<T>(ask: (state: State) => T | Promise<T>): Promise<T>;
  abstract sockets(): Promise<number>;

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

  alarm(): Promise<number | null> {
    return this.inside(({ storage }) => storage.getAlarm());
  }

  /** Sees to it that nothing is left to the alarm. */
  deleteAlarm(): Promise<void> {
    return this.inside(({ storage }) => storage.deleteAlarm());
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
  async rows(table: string): Promise<Record<string, SqlValue>[]> {
    if (!(await this.tables()).includes(table)) return [];
    return this.inside(({ storage }) => storage.sql.exec(`SELECT * FROM ${table}`).toArray());
  }
}

/** Where the session of a scenario is, and whether its hub sleeps between any two commands. */
const CIRCUMSTANCES = [
  { where: "at the channel's home", isHome: true, isSleepy: false },
  { where: "at the channel's home, asleep in between", isHome: true, isSleepy: true },
  { where: "away from the channel's home, asleep in between", isHome: false, isSleepy: true },
] as const;

/** Tests the same at the home of a channel and away from it, awake and with sleep between any two commands. */
export function scenarios<Hub extends HubUnderTest>(newHub: (settings: TestHubSettings) => Hub) {
  return (
    title: string,
    { namespace, config }: { readonly namespace: string; readonly config?: Config },
    /** `channel` is of the namespace that the scenario is about. */
    run: (scenario: { readonly hub: Hub; readonly channel: string }) => Promise<void>,
  ): void => {
    test.each(CIRCUMSTANCES)(`${title} ($where)`, async ({ isHome, isSleepy }) => {
      const channel = `${namespace}:${crypto.randomUUID()}`;
      const name = isHome ? `home/${channel}` : `edge/test/${crypto.randomUUID()}`;
      await run({ hub: newHub({ name, config, isSleepy }), channel });
    });
  };
}
