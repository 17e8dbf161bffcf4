import { closeScene, countLines, openScene, type Scene } from "../channels.ts";
import { settle, watch } from "../clock.ts";
import type { ClientSettings, LoadSocket } from "../load.ts";
import { type Goal, inTurn, type Round, type Sample, type Scenario } from "../scenario.ts";
import type { RunningTarget } from "../targets.ts";

export interface FanOutSettings extends ClientSettings {
  readonly publishers: number;
  readonly subscribers: number;
  readonly hasHistory: boolean;
  readonly goals?: readonly Goal[];
}

/** A lone publisher keeps so many messages under way that the server never waits. */
const LONE_WINDOW = 8;

/**
 * Many publish, and many receive. Peers do not acknowledge, so all targets are paced alike, by what the subscribers
 * have received: as many messages are under way as there are publishers, and they take turns.
 */
export function fanOut(settings: FanOutSettings): Scenario {
  const { publishers, subscribers, hasHistory, offersCompression = false, goals = [] } = settings;
  const sizes = `${publishers} × ${subscribers.toLocaleString("en")}`;
  return {
    title: `Fan-out, ${sizes}, ${hasHistory ? "with" : "without"} history${offersCompression ? ", to browsers" : ""}`,
    metrics: [
      { name: "deliveries/s", digits: 0 },
      { name: "server µs/delivery", digits: 2 },
    ],
    goals,
    run: (round) => inTurn(round, (target) => sample(target, settings, round)),
  };
}

async function sample(target: RunningTarget, settings: FanOutSettings, round: Round): Promise<Sample> {
  const { publishers, subscribers } = settings;
  const kind = settings.offersCompression ? "browsers" : "fan-out";
  const name = `${kind}-${publishers}-${subscribers}-${round.number}`;
  const scene = await openScene(target, { ...settings, name });
  if (scene === undefined) return [];
  const load = new FanOutLoad(scene, publishers === 1 ? LONE_WINDOW : publishers);
  const { rate, cost } = await watch(scene.pid, round.timing, () => load.deliveries);
  await load.stop();
  await closeScene(scene);
  return [rate, cost];
}

class FanOutLoad {
  deliveries = 0;
  readonly #publishers: readonly LoadSocket[];
  readonly #message: Uint8Array;
  readonly #copies: number;
  readonly #window: number;
  #sent = 0;
  #isStopped = false;

  constructor({ publishers, subscribers, message, copies }: Scene, window: number) {
    this.#publishers = publishers;
    this.#message = message;
    this.#copies = copies;
    this.#window = window;
    for (const publisher of publishers) countLines(publisher, () => undefined);
    for (const subscriber of subscribers) {
      countLines(subscriber, (count) => {
        this.deliveries += count;
        this.#fillWindow();
      });
    }
    this.#fillWindow();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await settle(() => this.deliveries === this.#sent * this.#copies, "every message was delivered");
  }

  #fillWindow(): void {
    if (this.#isStopped) return;
    while (this.#sent * this.#copies - this.deliveries <= (this.#window - 1) * this.#copies) {
      this.#publishers[this.#sent % this.#publishers.length]?.send(this.#message);
      this.#sent += 1;
    }
  }
}
