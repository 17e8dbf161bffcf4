/** What arrives, taken in order and one by one: however much comes at once, input and frames come between. */

/** What waits at most. A page that is sent more than it can take is busy, so that its browser holds messages back. */
export const WAITING_MAX = 10_000;

export class Inbox {
  readonly #waiting: (() => void)[] = [];
  readonly #turn = new MessageChannel();

  constructor() {
    this.#turn.port1.onmessage = () => this.#takeTurn();
  }

  /** @param take is called in a task of its own, when what came before has been taken. */
  add(take: () => void): void {
    this.#waiting.push(take);
    if (this.#waiting.length === 1) this.#askForTurn();
    else if (this.#waiting.length > WAITING_MAX) this.#waiting.shift()?.();
  }

  #takeTurn(): void {
    const take = this.#waiting.shift();
    if (this.#waiting.length > 0) this.#askForTurn();
    take?.();
  }

  #askForTurn(): void {
    this.#turn.port2.postMessage(undefined);
  }
}
