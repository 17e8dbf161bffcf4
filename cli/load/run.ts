import { LoadChannel } from "./channel.ts";
import type { LoadClient } from "./client.ts";
import { LoadConnection } from "./connection.ts";
import { Measurements } from "./measurements.ts";
import { type Network, networkOf } from "./network.ts";
import { OwnPace } from "./own-pace.ts";
import { channelNames, channelsOf, dueAfter, type LoadPlan } from "./plan.ts";
import { type Publish, Publisher } from "./publisher.ts";
import { RoomConnection } from "./room-connection.ts";

/** What a run works with. */
export interface LoadTools {
  /** The address of the gateway. */
  readonly url: string;
  /** The token of a connection; undefined for an anonymous one. */
  readonly token: (connection: number) => Promise<string | undefined>;
  /** Publishes over the API. Undefined: the connections publish. */
  readonly publish: Publish | undefined;
  /** Ends the run, with what was measured so far. */
  readonly signal: AbortSignal;
}

/** Seconds after the ramp, and after the last publication, that are waited for what is still under way. */
const PATIENCE = 10;

export type Phase = "opening" | "publishing" | "waiting";

/** One run: opens connections, publishes, waits for what is under way, and closes them all. */
export class LoadRun {
  readonly plan: LoadPlan;
  readonly measured = new Measurements();
  readonly pace = new OwnPace();
  readonly startedAt = Date.now();
  readonly channels: readonly LoadChannel[];
  readonly connections: LoadClient[] = [];
  phase: Phase = "opening";
  /** For how many seconds was published. */
  published = 0;
  readonly #tools: LoadTools;

  constructor(plan: LoadPlan, tools: LoadTools) {
    this.plan = plan;
    this.#tools = tools;
    const run = this.startedAt.toString(36);
    this.channels = channelNames(plan, run).map((name) => new LoadChannel(name));
  }

  /** Runs to the end of the plan, or until the signal. The connections are open until `close`. */
  async run(): Promise<void> {
    await this.#open();
    if (!this.connections.some(({ hasConnected }) => hasConnected)) return;
    this.phase = "publishing";
    const publisher = await this.#publish();
    this.phase = "waiting";
    await this.pace.repeat(
      (elapsed) =>
        elapsed < PATIENCE && (publisher.unanswered > 0 || this.subscriptions.some(({ lost }) => lost > 0)),
    );
  }

  close(): void {
    for (const connection of this.connections) connection.close();
  }

  get subscriptions() {
    return this.connections.flatMap(({ subscriptions }) => subscriptions);
  }

  get isInterrupted(): boolean {
    return this.#tools.signal.aborted;
  }

  async #open(): Promise<void> {
    const { connections, ramp } = this.plan;
    const network = networkOf(this.measured.failedAttempts);
    const tokens = await this.#makeTokens();
    await this.pace.repeat((elapsed) => {
      for (const due = dueAfter(elapsed, ramp, connections); this.connections.length < due; ) {
        this.#connect(network, tokens);
      }
      return this.connections.length < connections && !this.isInterrupted;
    });
    await this.pace.repeat((elapsed) => elapsed < PATIENCE && !this.isInterrupted && !this.#isComplete());
  }

  /** Before the ramp: signatures would make the connections late. */
  #makeTokens(): Promise<(string | undefined)[]> {
    const { connections } = this.plan;
    return Promise.all(Array.from({ length: connections }, (_, index) => this.#tools.token(index)));
  }

  #connect(network: Network, tokens: readonly (string | undefined)[]): void {
    const connection = this.#newConnection(network, tokens[this.connections.length]);
    this.connections.push(connection);
    connection.connect();
  }

  #newConnection(network: Network, token: string | undefined): LoadClient {
    const { plan, measured, channels } = this;
    const { url } = this.#tools;
    const own = channelsOf(plan, this.connections.length).flatMap((index) => channels[index] ?? []);
    if (plan.room !== undefined)
      return new RoomConnection(roomAddress(url, plan.room), own, network, measured);
    const { transport, atHome } = plan;
    return new LoadConnection({ url, transport, atHome, network, measured }, own, token);
  }

  #isComplete(): boolean {
    return this.connections.every(
      ({ subscriptions, isConnected }) => isConnected && subscriptions.every(({ hasBegun }) => hasBegun),
    );
  }

  async #publish(): Promise<Publisher> {
    const { duration, rate, size } = this.plan;
    const publish = this.#tools.publish ?? this.#publishByTurns();
    const publisher = new Publisher(this.channels, size, publish, this.measured);
    await this.pace.repeat((elapsed) => {
      this.published = Math.min(elapsed, duration);
      publisher.advance(dueAfter(elapsed, duration, Math.round(rate * duration)));
      return elapsed < duration && !this.isInterrupted;
    });
    return publisher;
  }

  #publishByTurns(): Publish {
    let turn = 0;
    return async (channel, data) => {
      for (let tried = 0; tried < this.connections.length; tried += 1) {
        turn = (turn + 1) % this.connections.length;
        const connection = this.connections[turn];
        if (!connection?.isConnected) continue;
        await connection.publish(channel, data);
        return {};
      }
      throw new Error("nobody is connected");
    };
  }
}

function roomAddress(url: string, room: string): string {
  return `${url.replace(/^http/, "ws")}/rooms/${room.split("/").map(encodeURIComponent).join("/")}`;
}
