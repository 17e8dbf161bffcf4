import type { Line, PublicationBody, SubscribeBody } from "../../support/hub-client.ts";

/** A promise of the gateway that was broken. */
export class Violation extends Error {}

/** What everybody has seen at one offset of a channel. */
export type Journal = Map<string, unknown>;

/** One client's subscription to one channel: checks everything that it is sent, and recovers as an SDK would. */
export class Subscriber {
  readonly channel: string;
  readonly name: string;
  readonly #journal: Journal;
  readonly #hasHistory: boolean;
  readonly #seen = new Map<string, number>();
  #state: "out" | "entering" | "in" | "leaving" = "out";
  #epoch = "";
  #offset: number | undefined;
  /** How often it was told that it may have missed something. */
  told = 0;
  delivered = 0;
  recovered = 0;

  constructor(name: string, channel: string, hasHistory: boolean, journal: Journal) {
    this.name = name;
    this.channel = channel;
    this.#hasHistory = hasHistory;
    this.#journal = journal;
  }

  get state(): "out" | "entering" | "in" | "leaving" {
    return this.#state;
  }

  get offset(): number {
    return this.#offset ?? 0;
  }

  /** Whether it has everything of a stream up to an offset. */
  isAt(epoch: string, offset: number): boolean {
    return this.#epoch === epoch && this.offset >= offset;
  }

  /** The subscribe command for where it is. */
  command(): Record<string, unknown> {
    this.#state = "entering";
    const isKnown = this.#hasHistory && this.#offset !== undefined;
    const position = isKnown ? { recover: true, epoch: this.#epoch, offset: this.#offset } : {};
    return { subscribe: { channel: this.channel, ...position } };
  }

  leaving(): void {
    this.#state = "leaving";
  }

  left(): void {
    this.#state = "out";
  }

  /** The socket is gone. Another hub may still be bringing what has no offset and was seen at this one. */
  disconnected(): void {
    if (this.#state !== "out") this.interrupted();
    this.#seen.clear();
  }

  /** The subscription was ended, or its socket is gone: whatever is missed now was not missed in silence. */
  interrupted(): void {
    this.#state = "out";
    this.told += 1;
  }

  replied({ error, subscribe }: Line): void {
    if (this.#state !== "entering") throw new Violation(`${this.name}: a reply that nobody waits for`);
    if (error || !subscribe) {
      if (error?.code !== 100) throw new Violation(`${this.name}: ${JSON.stringify(error)}`);
      this.interrupted();
      return;
    }
    this.#state = "in";
    if (!this.#hasHistory) return;
    if (subscribe.was_recovering && subscribe.recovered) this.#recover(subscribe);
    else {
      if (subscribe.was_recovering) this.told += 1;
      if (subscribe.publications) throw new Violation(`${this.name}: publications without recovery`);
      this.#offset = subscribe.offset ?? 0;
    }
    this.#epoch = subscribe.epoch ?? "";
  }

  pushed(publication: PublicationBody): void {
    if (this.#state !== "in" && this.#state !== "leaving")
      throw new Violation(`${this.name}: a publication while ${this.#state}`);
    if (this.#hasHistory) this.#take(publication);
    else this.#takePlain(publication);
    this.delivered += 1;
  }

  #recover({ offset = 0, epoch, publications = [] }: SubscribeBody): void {
    if (offset !== this.offset || epoch !== this.#epoch) {
      throw new Violation(`${this.name}: recovered from ${offset}, not ${this.offset}`);
    }
    for (const publication of publications) this.#take(publication);
    this.recovered += publications.length;
  }

  #take({ offset = 0, data }: PublicationBody): void {
    if (offset !== this.offset + 1) throw new Violation(`${this.name}: ${offset} after ${this.offset}`);
    this.#offset = offset;
    const place = `${this.channel} ${this.#epoch} ${offset}`;
    const known = this.#journal.get(place);
    if (known !== undefined && known !== data)
      throw new Violation(`${this.name}: ${place} is ${known} and ${data}`);
    this.#journal.set(place, data);
  }

  /** Without offsets, what one publisher sends must come in its order. */
  #takePlain({ data }: PublicationBody): void {
    const { by, count } = JSON.parse(String(data)) as { by: string; count: number };
    const last = this.#seen.get(by) ?? 0;
    if (count <= last) throw new Violation(`${this.name}: ${count} of ${by} after ${last}`);
    this.#seen.set(by, count);
  }
}
