import type { Config } from "../../../src/config/config.ts";
import type { HubClient } from "../../support/hub-client.ts";
import { type Bindings, sign } from "../../support/hub-config.ts";
import { until } from "../../support/until.ts";
import { answerTo } from "../api-client.ts";
import { TestHub } from "../test-hub.ts";
import { type Build, deploy, oldApp } from "./deploy.ts";

/** Which build is where: at the home of a channel, at a follower, and in the Worker that serves the API. */
export interface Deployment {
  readonly home: Build;
  readonly edge: Build;
  readonly api: Build;
}

export const ALL_NEW: Deployment = { home: "new", edge: "new", api: "new" };

/** A channel, its home, a hub that follows it, clients on both, and a record of what everybody is told. */
export class Meeting {
  readonly channel: string;
  readonly user: string = crypto.randomUUID();
  readonly home: TestHub;
  readonly edge: TestHub;
  readonly #app;
  readonly #clients = new Map<string, HubClient>();
  readonly #names = new Map<string, string>();
  readonly #notes: string[] = [];
  #published = 0;

  constructor(deployment: Deployment, namespace: string, config: Config = {}, env: Bindings = {}) {
    this.channel = `${namespace}:${crypto.randomUUID()}`;
    this.home = new TestHub({ name: `home/${this.channel}`, config, env });
    this.edge = new TestHub({ config, env });
    this.deploy(deployment);
    this.#app = deployment.api === "old" ? oldApp : undefined;
    this.#names.set(this.channel, "CHANNEL").set(this.user, "USER");
  }

  deploy({ home, edge }: Pick<Deployment, "home" | "edge">): void {
    deploy(this.home.name, home);
    deploy(this.edge.name, edge);
  }

  get places() {
    return [
      ["home", this.home],
      ["edge", this.edge],
    ] as const;
  }

  /** Two connections of one user. */
  async pair(): Promise<readonly [near: HubClient, far: HubClient]> {
    const near = await this.connect("near", this.home, { sub: this.user, info: { exact: 1 } });
    const far = await this.connect("far", this.edge, { sub: this.user, info: { w: "😀" } });
    return [near, far];
  }

  async connect(
    name: string,
    hub: TestHub,
    claims: Readonly<Record<string, unknown>> = { sub: "guest" },
  ): Promise<HubClient> {
    const { client, connect } = await hub.connected({ token: await sign(claims) });
    this.#names.set(connect.client, name);
    this.#clients.set(name, client);
    return client;
  }

  idOf(client: string): string {
    return [...this.#names].find(([, name]) => name === client)?.[0] ?? "";
  }

  /** Publishes a payload, as JSON text. */
  async publish(client: HubClient, data: string): Promise<void> {
    this.#published += 1;
    const id = 1_000_000 + this.#published;
    client.sendFrame(`{"id":${id},"publish":{"channel":${JSON.stringify(this.channel)},"data":${data}}}`);
    await client.reply(id);
  }

  /** Waits until everybody has got a text so many times, whatever it is in. */
  async untilTold(clients: readonly HubClient[], text: string, times: number): Promise<void> {
    for (const client of clients) {
      const count = () => client.frames.join("\n").split(text).length - 1;
      await until(() => count() >= times, `${text}, ${times} times`);
    }
  }

  async ask(clients: readonly HubClient[], ...commands: readonly (readonly [kind: string, body?: object])[]) {
    for (const client of clients) {
      for (const [kind, body] of commands) await client.request(kind, { channel: this.channel, ...body });
    }
  }

  async api(method: string, body: object = {}): Promise<void> {
    const answer = await answerTo(method, { channel: this.channel, ...body }, this.#app);
    this.#notes.push(`${method}: ${answer}`);
  }

  note(fact: unknown): void {
    this.#notes.push(JSON.stringify(fact));
  }

  /** Both hubs sleep, when nothing is on its way any more. */
  async sleep(): Promise<void> {
    await until(async () => {
      if ((await this.home.rows("streams")).every(({ unsettled }) => unsettled === null)) return true;
      await this.home.runAlarm();
      return false;
    });
    await this.edge.sleep();
    await this.home.sleep();
  }

  /**
   * What every client was told, and what has been noted, with names in the place of random ids. Replies, publications and
   * other pushes are each in their order, but not among each other.
   */
  get record(): string {
    const told = [...this.#clients].flatMap(([name, client]) => [name, ...linesOf(client)]);
    let text = [...told, ...this.#notes].join("\n");
    for (const [id, name] of this.#names) text = text.replaceAll(id, name);
    const epochs = new Set([...text.matchAll(/"epoch":"(\w{8})"/g)].map(([, epoch = ""]) => epoch));
    for (const [index, epoch] of [...epochs].entries()) text = text.replaceAll(epoch, `EPOCH ${index}`);
    const lines = text.split("\n").map(sortMembers);
    return lines.join("\n").replaceAll(/"(ttl|version)":("[^"]*"|\d+)/g, '"$1":…');
  }
}

function linesOf({ frames }: HubClient): string[] {
  const lines = frames.flatMap((frame) => String(frame).split("\n")).filter((line) => line !== "{}");
  const isPush = (line: string) => line.startsWith('{"push"');
  const isPublication = (line: string) => isPush(line) && line.includes('"pub":');
  return [
    ...lines.filter((line) => !isPush(line)),
    ...lines.filter(isPublication),
    ...lines.filter((line) => isPush(line) && !isPublication(line)),
  ];
}

/** Members of presence have no order. */
function sortMembers(line: string): string {
  if (!line.includes('"presence":{')) return line;
  const start = line.indexOf("{");
  return JSON.stringify(JSON.parse(line.slice(start)), (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort())
      : value,
  );
}
