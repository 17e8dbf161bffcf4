import type { HibernatingSocket } from "./socket.ts";

/**
 * Which sockets have changed and are to be saved. An object does not sleep while a handler call runs, so what a call
 * may still be changing is saved once more when the last of them has ended.
 */
export class RoomChanges {
  readonly #touched = new Set<HibernatingSocket>();
  readonly #lent = new Set<HibernatingSocket>();
  #running = 0;

  touch(socket: HibernatingSocket): void {
    this.#touched.add(socket);
  }

  /** Notes that a handler has read the data of a socket, and may change it. */
  lend(socket: HibernatingSocket): void {
    this.#touched.add(socket);
    if (this.#running > 0) this.#lent.add(socket);
  }

  /** Notes that a handler call begins. */
  begin(): void {
    this.#running += 1;
  }

  /**
   * Saves what handler calls changed, at the end of each. `onFailure` is called for a socket whose data cannot be
   * saved.
   */
  end(onFailure: (socket: HibernatingSocket, failure: unknown) => void): void {
    this.#running -= 1;
    if (this.#running === 0 && this.#lent.size > 0) this.#takeBack();
    if (this.#touched.size === 0) return;
    for (const socket of this.#touched) {
      try {
        socket.save();
      } catch (failure) {
        onFailure(socket, failure);
      }
    }
    this.#touched.clear();
  }

  #takeBack(): void {
    for (const socket of this.#lent) this.#touched.add(socket);
    this.#lent.clear();
  }
}
