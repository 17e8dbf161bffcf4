import { setTimeout as wait } from "node:timers/promises";
import { closeScene, countLines, openScene, type Scene } from "../channels.ts";
import type { Goal, Round, Sample, Scenario } from "../scenario.ts";
import { quantile, sort } from "../statistics.ts";
import type { RunningTarget } from "../targets.ts";

const WARM_UP = 10;
const PUBLISHES = 100;
/** Milliseconds between two publishes to the same target. */
const PAUSE_MS = 20;

/**
 * From publish to receive, where nothing else happens. The targets are asked in turn, publish by publish, so that
 * whatever else the machine does meets them all.
 */
export function quietLatency(hasHistory: boolean, goals: readonly Goal[]): Scenario {
  return {
    title: `Quiet latency, publish to receive, ${hasHistory ? "with" : "without"} history`,
    metrics: [
      { name: "p50 ms", digits: 3 },
      { name: "p99 ms", digits: 3 },
    ],
    goals,
    run: (round) => run(round, hasHistory),
  };
}

async function run(round: Round, hasHistory: boolean): Promise<ReadonlyMap<string, Sample>> {
  const couples = await Promise.all(round.targets.map((target) => Couple.open(target, hasHistory, round)));
  const present = couples.filter((couple) => couple !== undefined);
  for (let number = 0; number < WARM_UP + PUBLISHES; number += 1) {
    for (const couple of present) {
      const time = await couple.publish();
      if (number >= WARM_UP) couple.times.push(time);
      await wait(PAUSE_MS / present.length);
    }
  }
  await Promise.all(present.map((couple) => couple.close()));
  return new Map(round.targets.map(({ name }, index) => [name, couples[index]?.quantiles() ?? []]));
}

/** One publisher and one subscriber. */
class Couple {
  readonly times: number[] = [];
  readonly #scene: Scene;
  #onReceive: () => void = () => undefined;

  private constructor(scene: Scene) {
    this.#scene = scene;
    for (const publisher of scene.publishers) countLines(publisher, () => undefined);
    for (const subscriber of scene.subscribers) countLines(subscriber, () => this.#onReceive());
  }

  static async open(
    target: RunningTarget,
    hasHistory: boolean,
    { number }: Round,
  ): Promise<Couple | undefined> {
    const scene = await openScene(target, {
      publishers: 1,
      subscribers: 1,
      hasHistory,
      name: `quiet-${number}`,
    });
    return scene && new Couple(scene);
  }

  /** Publishes, and returns the milliseconds until the subscriber has it. */
  async publish(): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onReceive = resolve;
    const start = performance.now();
    this.#scene.publishers[0]?.send(this.#scene.message);
    await promise;
    return performance.now() - start;
  }

  quantiles(): Sample {
    const times = sort(this.times);
    return [quantile(times, 0.5), quantile(times, 0.99)];
  }

  close(): Promise<void> {
    return closeScene(this.#scene);
  }
}
