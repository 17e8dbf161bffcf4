import { startWorkerd, type Workerd } from "../../test/support/workerd.ts";
import { processorSeconds } from "../usage.ts";

const API_KEY = "the key of the measurement";

/** What one hub, or several, counted while something was done, and the processor time that it took. */
export interface Counted {
  readonly frames: number;
  readonly rows: number;
  readonly alarms: number;
  readonly calls: number;
  readonly milliseconds: number;
}

/** The gateway under measurement. */
export class CostGateway {
  readonly #workerd: Workerd;

  constructor(workerd: Workerd) {
    this.#workerd = workerd;
  }

  static async start(): Promise<CostGateway> {
    const configPath = new URL("../peers/workers/cost.toml", import.meta.url).pathname;
    return new CostGateway(await startWorkerd({ configPath, vars: { ENVIRONMENT: "development", API_KEY } }));
  }

  /** Where clients connect: at the home of a channel, or at an edge hub. */
  address(channel?: string): string {
    const query = channel === undefined ? "" : `?channel=${encodeURIComponent(channel)}`;
    return `ws://127.0.0.1:${this.#workerd.port}/connection/websocket${query}`;
  }

  /** Does something, and returns what the hubs counted meanwhile. Each is named by the query of `GET /metrics`. */
  async count(hubs: readonly string[], work: () => Promise<void>): Promise<Counted> {
    const before = await this.#read(hubs);
    await work();
    const after = await this.#read(hubs);
    return {
      frames: after.frames - before.frames,
      rows: after.rows - before.rows,
      alarms: after.alarms - before.alarms,
      calls: after.calls - before.calls,
      milliseconds: after.milliseconds - before.milliseconds,
    };
  }

  stop(): Promise<void> {
    return this.#workerd.stop();
  }

  async #read(hubs: readonly string[]): Promise<Counted> {
    const texts = await Promise.all(hubs.map((hub) => this.#metricsOf(hub)));
    const sum = (name: string) => texts.reduce((total, text) => total + sampleOf(text, name), 0);
    return {
      frames: sum("centrifugo_transport_messages_received"),
      rows: sum("poorwill_hub_rows_written"),
      alarms: sum("poorwill_hub_alarms"),
      calls: sum("poorwill_hub_calls_taken"),
      milliseconds: (await processorSeconds(this.#workerd.pid)) * 1_000,
    };
  }

  async #metricsOf(hub: string): Promise<string> {
    const response = await fetch(`${this.#workerd.url}/metrics?${hub}`, {
      headers: { "X-API-Key": API_KEY },
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${response.status}: ${text}`);
    return text;
  }
}

function sampleOf(text: string, name: string): number {
  const line = text.split("\n").find((line) => line.startsWith(`${name} `));
  if (line === undefined) throw new Error(`there is no ${name}`);
  return Number(line.slice(name.length + 1));
}
