/** Something that is to happen at a time, unless it is called off. */
export interface Task {
  readonly at: number;
  readonly go: () => void;
  isCalledOff: boolean;
}

/** A time that passes only when it is told to: everything in the simulation happens on it. */
export class Clock {
  #now = 1_700_000_000_000;
  /** The soonest last; of those of one time, the one that was planned first. */
  readonly #tasks: Task[] = [];

  /** In milliseconds. */
  get now(): number {
    return this.#now;
  }

  /** Plans something for a time; what is planned for one that has passed happens as soon as time goes on. */
  at(time: number, go: () => void): Task {
    const task = { at: time, go, isCalledOff: false };
    let low = 0;
    let high = this.#tasks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#tasks[middle]?.at ?? 0) > time) low = middle + 1;
      else high = middle;
    }
    this.#tasks.splice(low, 0, task);
    return task;
  }

  after(milliseconds: number, go: () => void): Task {
    return this.at(this.#now + milliseconds, go);
  }

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  /** Lets time pass, and whatever falls due happen, each with all that follows from it at once. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    await turn();
    for (let next = this.#tasks.at(-1); next && next.at <= until; next = this.#tasks.at(-1)) {
      this.#tasks.pop();
      if (next.isCalledOff) continue;
      this.#now = Math.max(this.#now, next.at);
      next.go();
      await turn();
    }
    this.#now = until;
  }
}

/** Ends when all promises that can go on have done so. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Runs something for which this clock is the time. */
export async function onClock<Result>(clock: Clock, work: () => Promise<Result>): Promise<Result> {
  const { now } = Date;
  Date.now = () => clock.now;
  try {
    return await work();
  } finally {
    Date.now = now;
  }
}
