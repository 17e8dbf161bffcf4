/** Which of the hubs that something was queued for have taken it. */
export class Receipts {
  readonly #receipts: Promise<boolean>[] = [];

  /** Waits for one more hub. What it returns is to be called with whether the hub has taken it. */
  expect(): (isTaken: boolean) => void {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#receipts.push(promise);
    return resolve;
  }

  /** Whether all hubs have taken it, once that is known of those that are waited for now. */
  async areComplete(): Promise<boolean> {
    const receipts = await Promise.all(this.#receipts);
    return receipts.every((isTaken) => isTaken);
  }
}
