/** One socket's events, one after the other: the next begins when an asynchronous one has ended. */
export class FrameQueue {
  #tail: Promise<void> | undefined;
  #count = 0;
  #bytes = 0;

  /** How many events wait or run. */
  get count(): number {
    return this.#count;
  }

  /** How many bytes of messages wait or run. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Runs `task` at once when nothing is waiting, so that a synchronous handler never costs a promise; otherwise after
   * the events before it. `task` must not throw. Returns a promise while something is left to wait for.
   */
  run(task: () => Promise<void> | undefined, bytes = 0): Promise<void> | undefined {
    if (this.#tail === undefined) {
      const running = task();
      return running && this.#append(running, bytes);
    }
    return this.#append(this.#tail.then(task), bytes);
  }

  #append(running: Promise<void>, bytes: number): Promise<void> {
    this.#count += 1;
    this.#bytes += bytes;
    const ended = running.then(() => {
      this.#count -= 1;
      this.#bytes -= bytes;
      if (this.#tail === ended) this.#tail = undefined;
    });
    this.#tail = ended;
    return ended;
  }
}
