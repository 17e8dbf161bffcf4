import { forEverybody } from "../../support/channel-options.ts";
import { adjustHub, configureHub } from "../../support/hub-config.ts";
import { type Call, setWay, type Way } from "../../support/hub-links.ts";
import { Random } from "../../support/random.ts";
import { until } from "../../support/until.ts";
import { FATES } from "../delivery-scene.ts";
import { TestHub } from "../test-hub.ts";
import { ChaosClient } from "./chaos-client.ts";
import { KINDS } from "./chaos-end.ts";
import { type Journal, Subscriber, Violation } from "./subscriber.ts";

const CALL_TIMEOUT_MS = 150;
const EDGES = 2;

const NAMESPACES = [
  { name: "long", ...forEverybody, history_size: 1_000, history_ttl: 600, force_recovery: true },
  { name: "short", ...forEverybody, history_size: 4, history_ttl: 600, force_recovery: true },
  { name: "plain", ...forEverybody },
];

const late: Way = async (_, carryOut) => {
  await scheduler.wait(CALL_TIMEOUT_MS + 50);
  return carryOut();
};
const slow: Way = async (_, carryOut) => {
  await scheduler.wait(20);
  return carryOut();
};

/** What can happen to a call. A publish may be lost, or its answer: what comes later than what was sent after it has no order. */
const DISTURBANCES: readonly (readonly [weight: number, [Call["method"], string, Way]])[] = [
  [3, ["deliver", "lost", FATES.lost]],
  [3, ["deliver", "answerLost", FATES.answerLost]],
  [3, ["deliver", "repeated", FATES.repeated]],
  [3, ["deliver", "slow", slow]],
  [2, ["deliver", "late", late]],
  [1, ["deliver", "hanging", FATES.hanging]],
  [2, ["follow", "lost", FATES.lost]],
  [3, ["follow", "answerLost", FATES.answerLost]],
  [3, ["follow", "slow", slow]],
  [1, ["follow", "late", late]],
  [2, ["unfollow", "lost", FATES.lost]],
  [2, ["unfollow", "answerLost", FATES.answerLost]],
  [2, ["unfollow", "repeated", FATES.repeated]],
  [2, ["unfollow", "slow", slow]],
  [2, ["unfollow", "late", late]],
  [1, ["publish", "lost", FATES.lost]],
  [2, ["publish", "answerLost", FATES.answerLost]],
  [2, ["publish", "slow", slow]],
];

/** Hubs, channels and clients, and everything that may befall them, in an order that a seed decides. */
export class World {
  /** What has happened, for whoever has to find out why it went wrong. */
  readonly log: string[] = [];
  readonly #random: Random;
  readonly #channels: readonly string[];
  readonly #homes: readonly TestHub[];
  readonly #edges: readonly TestHub[];
  readonly #clients: readonly ChaosClient[];
  readonly #journal: Journal = new Map();
  readonly #acknowledged: { channel: string; text: string }[] = [];
  readonly #evicting = new Set<TestHub>();
  /** When the calls were made that are on their way to a hub, in milliseconds. */
  readonly #onTheWay = new Map<string, Set<{ readonly since: number }>>();
  readonly #running = new Set<Promise<unknown>>();
  #published = 0;
  #fates: { method: Call["method"]; way: Way; left: number }[] = [];

  constructor(seed: number) {
    this.#random = new Random(seed);
    const unique = crypto.randomUUID();
    this.#channels = NAMESPACES.map(({ name }) => `${name}:${unique}`);
    this.#homes = this.#channels.map((channel) => new TestHub({ name: `home/${channel}` }));
    this.#edges = Array.from(
      { length: EDGES },
      (_, index) => new TestHub({ name: `edge/${unique}/${index}` }),
    );
    for (const { name } of this.#hubs) {
      configureHub(name, { namespaces: NAMESPACES });
      adjustHub(name, { callTimeout: CALL_TIMEOUT_MS });
      setWay(name, (call, carryOut) => this.#carry(call, carryOut));
    }
    this.#clients = KINDS.map((kind, index) => {
      const name = `client ${index} (${kind})`;
      const subscribers = this.#channels.map(
        (channel) =>
          new Subscriber(
            `${name} ${channel.split(":")[0]}`,
            channel,
            !channel.startsWith("plain"),
            this.#journal,
          ),
      );
      return new ChaosClient(name, kind, subscribers);
    });
  }

  /** Lets so many things happen, then everything heal, and sees whether everybody has everything. */
  async run(steps: number): Promise<void> {
    for (const client of this.#clients) await this.#connect(client);
    for (let step = 0; step < steps; step += 1) {
      await this.#step();
      this.#check();
    }
    await this.#end();
  }

  summary(): Record<string, number> {
    const subscribers = this.#clients.flatMap((client) => client.subscribers);
    const sum = (of: (subscriber: Subscriber) => number) =>
      subscribers.reduce((total, one) => total + of(one), 0);
    return {
      published: this.#published,
      acknowledged: this.#acknowledged.length,
      delivered: sum(({ delivered }) => delivered),
      recovered: sum(({ recovered }) => recovered),
      told: sum(({ told }) => told),
    };
  }

  get #hubs(): readonly TestHub[] {
    return [...this.#homes, ...this.#edges];
  }

  async #step(): Promise<void> {
    const random = this.#random;
    const client = random.pick(this.#clients);
    const subscriber = random.pick(client.subscribers);
    const hub = random.pick(this.#hubs);
    const step = random.weighted<readonly [string, () => Promise<unknown> | unknown]>([
      [
        30,
        [
          `${client.name} publishes to ${subscriber.channel}`,
          () => this.#publish(client, subscriber.channel, 1 + random.below(4)),
        ],
      ],
      [20, [`${subscriber.name} subscribes`, () => client.enter(subscriber)]],
      [4, [`${subscriber.name} unsubscribes`, () => client.leave(subscriber)]],
      [4, [`${client.name} drops`, () => client.drop()]],
      [10, [`${client.name} connects`, () => this.#connect(client)]],
      [10, [`${hub.name} sleeps`, () => this.#evict(hub, () => this.#sleep(hub))]],
      [2, [`${hub.name} loses its sockets`, () => this.#evict(hub, () => hub.crash())]],
      [6, [`${hub.name} has an alarm`, () => hub.runAlarm()]],
      [12, ["a disturbance", () => this.#disturb()]],
      [4, ["short streams begin anew", () => this.#beginAnew()]],
      [8, ["a pause", () => scheduler.wait(random.below(30))]],
    ]);
    const isAwaited = random.next() < 0.5;
    this.log.push(isAwaited ? step[0] : `${step[0]}, meanwhile:`);
    const running = Promise.resolve(step[1]());
    this.#running.add(running);
    void running.catch(() => {}).finally(() => this.#running.delete(running));
    if (isAwaited) await Promise.all(this.#running);
  }

  async #connect(client: ChaosClient): Promise<void> {
    if (client.isConnected) return;
    const hub = this.#random.pick(this.#hubs);
    this.log.push(`  at ${hub.name}`);
    await client.connect(hub.name);
    for (const subscriber of client.subscribers)
      if (this.#random.next() < 0.7) await client.enter(subscriber);
  }

  async #publish(client: ChaosClient, channel: string, count: number): Promise<void> {
    if (!client.isConnected) return;
    const texts = Array.from({ length: count }, () => {
      this.#published += 1;
      return JSON.stringify({ by: client.connection, count: this.#published });
    });
    for (const text of await client.publish(channel, texts)) this.#acknowledged.push({ channel, text });
  }

  /** The test runtime cannot evict an object that is just being evicted. */
  async #evict(hub: TestHub, evict: () => Promise<void>): Promise<void> {
    if (this.#evicting.has(hub)) return;
    this.#evicting.add(hub);
    try {
      await evict();
    } finally {
      this.#evicting.delete(hub);
    }
  }

  /** A hub falls asleep 10 s after the last call that it took, which is longer than a call may be on its way. */
  async #sleep(hub: TestHub): Promise<void> {
    const isUndisturbed = () => {
      const oldest = performance.now() - CALL_TIMEOUT_MS;
      return [...(this.#onTheWay.get(hub.name) ?? [])].every(({ since }) => since < oldest);
    };
    await until(isUndisturbed);
    await hub.sleep();
  }

  /** A home finds streams of a form that it does not know, as after a deployment that was taken back. */
  async #beginAnew(): Promise<void> {
    const home = this.#homes[NAMESPACES.findIndex(({ name }) => name === "short")] as TestHub;
    await this.#evict(home, async () => {
      const tables = await home.tables();
      if (tables.includes("streams"))
        await home.inside(({ storage }) => void storage.sql.exec("UPDATE streams SET version = 99"));
      await this.#sleep(home);
    });
  }

  #disturb(): void {
    const [method, name, way] = this.#random.weighted(DISTURBANCES);
    const left = 1 + this.#random.below(3);
    this.log.push(`  the next ${left} ${method} ${name}`);
    this.#fates.push({ method, way, left });
  }

  #carry<Answer>(call: Call, carryOut: () => Promise<Answer>): Promise<Answer> {
    const fate = this.#fates.find(({ method, left }) => method === call.method && left > 0);
    if (fate) fate.left -= 1;
    const onTheWay = this.#onTheWay.get(call.to) ?? new Set();
    this.#onTheWay.set(call.to, onTheWay);
    const entry = { since: performance.now() };
    onTheWay.add(entry);
    return (fate ? fate.way(call, carryOut) : carryOut()).finally(() => onTheWay.delete(entry));
  }

  #check(): void {
    for (const { failures } of this.#clients) if (failures.length > 0) throw failures[0];
  }

  /** Everything is well again: whoever is subscribed must get to the top of every stream. */
  async #end(): Promise<void> {
    this.log.push("everything heals");
    this.#fates = [];
    await Promise.all(this.#running);
    for (const client of this.#clients) {
      await this.#connect(client);
      await this.#publishLast(client);
    }
    for (const home of this.#homes) await home.runAlarm();
    for (const client of this.#clients) await this.#publishLast(client);
    for (const [index, channel] of this.#channels.entries()) {
      if (!channel.startsWith("plain")) await this.#checkStream(channel, this.#homes[index] as TestHub);
    }
    for (const client of this.#clients) client.drop();
  }

  #publishLast(client: ChaosClient): Promise<unknown> {
    return Promise.all(this.#channels.map((channel) => this.#publish(client, channel, 1)));
  }

  async #checkStream(channel: string, home: TestHub): Promise<void> {
    const stored = new Map<number, string>();
    for (const row of await home.rows("history")) {
      const publications = String(row.publications)
        .split("\n")
        .map((text) => JSON.parse(text) as { data: string });
      for (const [index, { data }] of publications.entries()) stored.set(Number(row.first) + index, data);
    }
    const top = Math.max(...stored.keys());
    const [stream] = await home.rows("streams");
    const epoch = String(stream?.epoch);
    const isThere = () =>
      this.#clients.every(({ isConnected, subscribers }) =>
        subscribers.every(
          (one) => one.channel !== channel || !isConnected || one.state !== "in" || one.isAt(epoch, top),
        ),
      );
    await until(() => {
      this.#check();
      return isThere();
    }).catch((failure: unknown) => {
      this.#check();
      const offsets = this.#clients.map(({ subscribers, hub }) => {
        const one = subscribers.find((subscriber) => subscriber.channel === channel);
        return `${one?.name} at ${hub}: ${one?.state} ${one?.offset}`;
      });
      throw new Violation(`${channel} is at ${top}: ${offsets.join(", ")}: ${failure}`);
    });
    for (const [offset, data] of stored) {
      const seen = this.#journal.get(`${channel} ${epoch} ${offset}`);
      if (seen !== undefined && seen !== data)
        throw new Violation(`${channel} ${offset} is stored as ${data}, seen as ${seen}`);
    }
    if (channel.startsWith("long")) this.#checkAcknowledged(channel, [...stored.values()]);
  }

  /** What was acknowledged is there exactly once; what was not, at most once. */
  #checkAcknowledged(channel: string, stored: readonly string[]): void {
    if (new Set(stored).size !== stored.length) throw new Violation(`${channel} holds something twice`);
    const there = new Set(stored);
    for (const { channel: where, text } of this.#acknowledged) {
      if (where === channel && !there.has(text)) throw new Violation(`${channel} has lost ${text}`);
    }
  }
}
