import type { Task } from "./clock.ts";
import type { World } from "./world.ts";

/** The latest that an alarm comes, in milliseconds. */
const LATEST = 50;

/** The alarm of an object: it stands whether the object is awake or not, and only moves earlier. */
export class Alarm {
  readonly #world: World;
  readonly #fire: () => void;
  #task: Task | undefined;
  #time = Number.POSITIVE_INFINITY;

  constructor(world: World, fire: () => void) {
    this.#world = world;
    this.#fire = fire;
  }

  /** When it is due, in milliseconds; Infinity for never. */
  get time(): number {
    return this.#time;
  }

  wakeAt(time: number): void {
    if (this.#time <= time) return;
    this.forget();
    this.#time = time;
    const { clock, random } = this.#world;
    this.#task = clock.at(Math.max(clock.now, time) + random.below(LATEST), () => this.fire());
  }

  forget(): void {
    if (this.#task) this.#task.isCalledOff = true;
    this.#task = undefined;
    this.#time = Number.POSITIVE_INFINITY;
  }

  fire(): void {
    this.forget();
    this.#fire();
  }
}
