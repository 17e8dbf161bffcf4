/** The publications of one channel as they came, and whether the run of them has a gap or a repeat. */

export interface Position {
  readonly offset: number;
  readonly epoch: string;
}

export interface Publication {
  /** JSON, as it crossed the wire. */
  readonly data: string;
  /** Undefined in a channel without history. */
  readonly offset?: number | undefined;
  /** The client that published it, where a client did. */
  readonly info?: { readonly client: string; readonly user: string } | undefined;
}

export type Arrival = "live" | "recovered";

/** What no publication should be: one that came before, or one that comes after a missing one. */
export type Flaw = "repeated" | "gap";

export interface PublicationRow extends Publication {
  readonly kind: "publication";
  /** Rises with each row. */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly arrival: Arrival;
  readonly flaw: Flaw | undefined;
}

export interface NoteRow {
  readonly kind: "note";
  readonly id: number;
  readonly text: string;
  readonly tone: "plain" | "good" | "bad";
}

/** A stored publication, as history tells of it. */
export interface StoredRow extends Publication {
  readonly kind: "stored";
  readonly id: number;
}

export type Row = PublicationRow | NoteRow | StoredRow;

/** How a subscription came back. */
export interface Outcome {
  readonly wasRecovering: boolean;
  readonly recovered: boolean;
  /** Publications that were recovered. */
  readonly count: number;
}

const ROWS_MAX = 300;

export class Publications {
  readonly #rows: Row[] = [];
  #position: Position | undefined;
  #outcome: Outcome | undefined;
  #total = 0;
  #nextId = 1;

  /** The newest, oldest first. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** The last publication that is known; undefined in a channel without a stream. */
  get position(): Position | undefined {
    return this.#position;
  }

  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  /** Publications that came, in all. */
  get total(): number {
    return this.#total;
  }

  /** @param position of the reply. After a recovery the run goes on where it broke off, whatever the reply says. */
  subscribed(position: Position | undefined, wasRecovering: boolean, recovered: boolean): void {
    const goesOn = recovered && position?.epoch === this.#position?.epoch;
    if (!goesOn) this.#position = position;
    this.#outcome = { wasRecovering, recovered, count: 0 };
  }

  add(publication: Publication, arrival: Arrival, at: number): void {
    this.#push({
      ...publication,
      kind: "publication",
      id: this.#nextId++,
      at,
      arrival,
      flaw: this.#findFlaw(publication.offset),
    });
    this.#total++;
    this.#advance(publication.offset);
    if (arrival === "recovered" && this.#outcome) {
      this.#outcome = { ...this.#outcome, count: this.#outcome.count + 1 };
    }
  }

  note(text: string, tone: NoteRow["tone"]): void {
    this.#push({ kind: "note", id: this.#nextId++, text, tone });
  }

  #push(row: Row): void {
    this.#rows.push(row);
    if (this.#rows.length > ROWS_MAX) this.#rows.shift();
  }

  #findFlaw(offset: number | undefined): Flaw | undefined {
    if (offset === undefined || !this.#position) return undefined;
    if (offset <= this.#position.offset) return "repeated";
    return offset > this.#position.offset + 1 ? "gap" : undefined;
  }

  /** A repeat does not lead back. */
  #advance(offset: number | undefined): void {
    if (offset === undefined || !this.#position || offset <= this.#position.offset) return;
    this.#position = { ...this.#position, offset };
  }
}

/** How a subscription came back in one line, with the protocol's own words. */
export function describeOutcome({ wasRecovering, recovered, count }: Outcome): string {
  if (!wasRecovering) return "a fresh start: nothing to recover";
  if (!recovered) return "wasRecovering: true, recovered: false – what was missed is gone";
  return `wasRecovering: true, recovered: true – ${describeMissed(count)}`;
}

function describeMissed(count: number): string {
  if (count === 0) return "nothing was missed";
  return count === 1 ? "1 publication came back" : `${count} publications came back`;
}

/** What history answered, oldest first, with a note before it. */
export function rowsOfHistory(note: string, publications: readonly Publication[]): readonly Row[] {
  const stored = publications.map(
    (publication, index): Row => ({ ...publication, kind: "stored", id: index + 1 }),
  );
  return [{ kind: "note", id: 0, text: note, tone: "plain" }, ...stored];
}
