import { placeIn } from "./place.ts";

/** Something that keeps an object awake until it ends, and where it was begun: undefined for what the gateway has begun. */
export interface Keeper {
  readonly name: string;
  readonly place: string | undefined;
}

/** What was begun in this isolate and has not ended. Whose it is cannot be told: objects and the test share the isolate. */
export class Keepers {
  readonly #pending = new Set<Keeper>();

  /** Notes that something begins. Returns what notes its end. */
  begin(name: string): () => void {
    const keeper = { name, place: placeIn(new Error().stack ?? "") };
    this.#pending.add(keeper);
    return () => void this.#pending.delete(keeper);
  }

  get pending(): readonly Keeper[] {
    return [...this.#pending];
  }
}

export const keepers = new Keepers();
