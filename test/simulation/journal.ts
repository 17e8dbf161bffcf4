/** A promise of the gateway that was broken. */
export class Violation extends Error {}

/** Something that was published, or word of somebody who came or went. */
export interface Entry {
  readonly channel: string;
  readonly kind: "publication" | "join" | "leave";
  /** Whether it is to get an offset. */
  readonly isNumbered: boolean;
  /** Its place in the order in which the home was given it; undefined until it was. */
  order: number | undefined;
  /** When that was, in milliseconds. */
  acceptedAt: number;
  /** What the publisher was told. */
  outcome: "unknown" | "refused" | "acknowledged";
}

/** Where a stream is. */
export interface Position {
  readonly epoch: string;
  readonly offset: number;
}

/** What was published, and what stands where: everybody has to agree with it. */
export class Journal {
  readonly entries: Entry[] = [];
  /** What stands at each offset of each incarnation of each stream. */
  readonly #placed = new Map<string, number>();
  readonly #acknowledged = new Map<string, Map<number, Position>>();
  #accepted = 0;

  /** Notes something new. What it returns identifies it in what subscribers are sent. */
  add(channel: string, kind: Entry["kind"], isNumbered: boolean): number {
    this.entries.push({ channel, kind, isNumbered, order: undefined, acceptedAt: 0, outcome: "unknown" });
    return this.entries.length - 1;
  }

  entry(id: number): Entry {
    const entry = this.entries[id];
    if (entry === undefined) throw new Violation(`${id} was never published`);
    return entry;
  }

  /** The home has been given it. */
  accepted(id: number, now: number): void {
    const entry = this.entry(id);
    if (entry.order !== undefined) throw new Violation(`${id} was given to its home twice`);
    this.#accepted += 1;
    entry.order = this.#accepted;
    entry.acceptedAt = now;
  }

  refused(id: number): void {
    this.entry(id).outcome = "refused";
  }

  acknowledged(id: number, { epoch, offset }: Position): void {
    const entry = this.entry(id);
    entry.outcome = "acknowledged";
    if (!entry.isNumbered) return;
    this.place(entry.channel, { epoch, offset }, id);
    const acknowledged = this.#acknowledged.get(entry.channel) ?? new Map<number, Position>();
    this.#acknowledged.set(entry.channel, acknowledged.set(id, { epoch, offset }));
  }

  /** What was acknowledged of a channel, and where it stands. */
  acknowledgedOf(channel: string): ReadonlyMap<number, Position> {
    return this.#acknowledged.get(channel) ?? new Map();
  }

  /** Somebody has seen it at this place. */
  place(channel: string, { epoch, offset }: Position, id: number): void {
    const place = `${channel} ${epoch} ${offset}`;
    const known = this.#placed.get(place);
    if (known === undefined) this.#placed.set(place, id);
    else if (known !== id) throw new Violation(`at ${place} stand both ${known} and ${id}`);
  }
}
