import { onTestFinished } from "vitest";
import type { DeliverCall } from "../../src/hub-rpc/messages.ts";
import { HUB_LIMITS } from "../../src/shared/limits.ts";
import type { HubClient } from "./hub-client.ts";
import { type Call, setWay, type Way } from "./hub-links.ts";
import type { HubUnderTest, TestHubSettings } from "./hub-under-test.ts";
import { stopTimers } from "./timers.ts";
import { pause, until } from "./until.ts";

/** What can become of a call. */
export const FATES = {
  /** It never arrives. */
  lost: () => Promise.reject(new Error("lost on the way")),
  /** It is carried out, but nobody learns what came of it. */
  answerLost: async (_: Call, carryOut: () => Promise<unknown>) => {
    await carryOut();
    throw new Error("the answer was lost");
  },
  /** It never ends. */
  hanging: () => new Promise<never>(() => {}),
  /** It arrives twice. */
  repeated: async <Answer>(_: Call, carryOut: () => Promise<Answer>) => {
    await carryOut();
    return carryOut();
  },
} satisfies Record<string, Way>;

/** Holds calls up until a test lets them go on. A promise of the test would not wake the hub that waits for it. */
export class Gate {
  #isOpen = false;
  #waiting = 0;

  constructor() {
    onTestFinished(() => this.open());
  }

  /** How many calls wait. */
  get waiting(): number {
    return this.#waiting;
  }

  open(): void {
    this.#isOpen = true;
  }

  async pass(): Promise<void> {
    this.#waiting += 1;
    while (!this.#isOpen) await pause(1);
    this.#waiting -= 1;
  }

  /** The call arrives when the gate is open. */
  readonly before: Way = async (_, carryOut) => {
    await this.pass();
    return carryOut();
  };

  /** The call arrives at once, its answer when the gate is open. */
  readonly after: Way = async (_, carryOut) => {
    const answer = await carryOut();
    await this.pass();
    return answer;
  };

  /** The call arrives at once, and fails when the gate is open. */
  readonly instead: Way = async (_, carryOut) => {
    await carryOut();
    await this.pass();
    throw new Error("the answer was lost");
  };
}

/** A channel, its home, hubs that follow it, and what they say to each other. No call is given up until a test says so. */
export class DeliveryScene<Hub extends HubUnderTest = HubUnderTest> {
  readonly channel: string;
  readonly home: Hub;
  readonly edges: readonly Hub[];
  /** Gives up the calls that are under way. */
  readonly giveUpCalls: () => void = stopTimers();
  /** Calls of the home, and of the edges, in the order in which they were made. */
  readonly calls: Call[] = [];
  /** Calls that have not ended, by who makes them and to whom. */
  readonly underWay = new Map<string, number>();
  #way: Way = (_, carryOut) => carryOut();

  constructor(newHub: (settings?: TestHubSettings) => Hub, namespace: string, edges: number) {
    this.channel = `${namespace}:${crypto.randomUUID()}`;
    this.home = newHub({ name: `home/${this.channel}` });
    this.edges = Array.from({ length: edges }, () => newHub());
    for (const { name } of this.hubs) setWay(name, (call, carryOut) => this.#carry(call, carryOut));
    onTestFinished(() => {
      for (const { name } of this.hubs) setWay(name, undefined);
    });
  }

  get hubs(): readonly Hub[] {
    return [this.home, ...this.edges];
  }

  /** The only edge, or one of several. */
  edge(index = 0): Hub {
    const edge = this.edges[index];
    if (edge === undefined) throw new Error("no such edge");
    return edge;
  }

  /** Decides what becomes of calls from now on. */
  set way(way: Way) {
    this.#way = way;
  }

  /** Lets calls of one kind meet with a fate, so many of them. */
  befall(method: Call["method"], fate: Way, count = Number.POSITIVE_INFINITY): void {
    let left = count;
    this.way = (call, carryOut) => {
      if (call.method !== method || left <= 0) return carryOut();
      left -= 1;
      return fate(call, carryOut);
    };
  }

  /** Calls go through again. */
  heal(): void {
    this.way = (_, carryOut) => carryOut();
  }

  /** The deliveries so far. */
  get delivered(): readonly DeliverCall[] {
    return this.calls.flatMap((made) => (made.method === "deliver" ? [made.call] : []));
  }

  /** A client that is subscribed at a hub. */
  async subscriber(hub: Hub, body: Record<string, unknown> = {}): Promise<HubClient> {
    const client = await hub.connect();
    await client.subscribe(this.channel, body);
    return client;
  }

  /** Waits until the home has written, by its alarm, that every follower has everything. */
  async untilSettled(): Promise<void> {
    await this.untilQuiet();
    await untilSettled(this.home);
  }

  /**
   * Publishes 1 and 2 while the first delivery of them is held up, and gives that delivery up. Returns the gate that lets
   * it arrive late.
   */
  async giveUpDelivery(writer: HubClient, clock: { advance(milliseconds: number): void }): Promise<Gate> {
    const gate = new Gate();
    this.befall("deliver", gate.before, 1);
    for (const data of [1, 2]) await writer.publish(this.channel, data);
    clock.advance(HUB_LIMITS.callTimeout + 1);
    this.giveUpCalls();
    return gate;
  }

  /** Waits until no call is under way. */
  untilQuiet(): Promise<void> {
    return until(() => this.underWay.size === 0);
  }

  async #carry<Answer>(call: Call, carryOut: () => Promise<Answer>): Promise<Answer> {
    const line = `${call.from} ${call.to} ${call.method}`;
    this.calls.push(call);
    this.underWay.set(line, (this.underWay.get(line) ?? 0) + 1);
    try {
      return await this.#way(call, carryOut);
    } finally {
      const left = (this.underWay.get(line) ?? 1) - 1;
      if (left > 0) this.underWay.set(line, left);
      else this.underWay.delete(line);
    }
  }
}

/** Waits until a home has written, by its alarm, that every follower of its only channel has everything. */
export function untilSettled(home: HubUnderTest): Promise<void> {
  return until(async () => {
    await home.runAlarm();
    return (await home.rows("streams"))[0]?.unsettled === null;
  });
}

/** The data of the next publications of a channel, so many of them. */
export async function dataOf(client: HubClient, channel: string, count: number): Promise<unknown[]> {
  const data: unknown[] = [];
  while (data.length < count) data.push((await client.publication(channel))?.data);
  return data;
}

/** Puts somebody who reads at the only edge of a scene, and somebody who writes at the home. */
export async function fill<Scene extends DeliveryScene>(scene: Scene) {
  const { channel, home } = scene;
  const reader = await scene.subscriber(scene.edge());
  const writer = await home.connect();
  return { scene, channel, home: home as Scene["home"], reader, writer };
}

/** The pushes that have arrived and were not asked for. */
export function pushesTo(client: HubClient): unknown[] {
  return client.unread.filter(({ push }) => push !== undefined);
}
