import { decideRecovery } from "../../src/channels/recovery.ts";
import type { Hub } from "./hub.ts";
import type { Position } from "./journal.ts";
import type { Life } from "./life.ts";
import { homeOf } from "./life.ts";
import { isMeant } from "./network.ts";
import { idOfPublication, memberEventOf, PushReader, type Received } from "./payloads.ts";
import { REPLY_LIMITS } from "./settings.ts";
import {
  type Encoded,
  jsonCodec,
  type Opening,
  OpeningOverflow,
  openAtHome,
  type Session,
  type Subscription,
  type WirePublication,
} from "./subject.ts";
import type { World } from "./world.ts";

/** One time that a client was subscribed, from its reply to its end. */
export interface Stay {
  readonly since: number;
  until: number;
  /** What it was sent that has no offset. */
  readonly seen: Set<number>;
}

/** A client with one subscription: checks whatever it is sent, and comes back with its position, as an SDK does. */
export class Client {
  readonly name: string;
  readonly channel: string;
  /** Whether it asks for join and leave events. */
  readonly wantsJoinLeave: boolean;
  readonly stays: Stay[] = [];
  readonly session: Session;
  readonly subscription: Subscription;
  /** What it has seen, once it has been subscribed to a channel with history. */
  position: Position | undefined;
  hub: Hub | undefined;
  state: "out" | "opening" | "in" = "out";
  readonly #world: World;
  readonly #reader = new PushReader();
  /** Counts its attempts: one that has been given up is known by its number. */
  #attempt = 0;
  /** The order of the last publication, and of the last event, that it was pushed in this stay. */
  #last = { publication: 0, event: 0 };

  constructor(world: World, name: string, channel: string, wantsJoinLeave: boolean) {
    this.#world = world;
    this.name = name;
    this.channel = channel;
    this.wantsJoinLeave = wantsJoinLeave;
    const pushShared = (lines: Encoded) => this.#pushed(String(lines));
    const session = { codec: jsonCodec, pushShared, trail: { pushes: 0 } };
    this.session = session as unknown as Session;
    this.subscription = { channel, wantsJoinLeave, isPresent: false } as Subscription;
  }

  get hasHistory(): boolean {
    return this.#world.hasHistory(this.channel);
  }

  /** Subscribes at a hub, with its position if it has one. */
  async subscribe(hub: Hub): Promise<void> {
    this.#attempt += 1;
    const attempt = this.#attempt;
    this.state = "opening";
    this.hub = hub;
    const life = hub.awake();
    const release = life.stayAwake();
    hub.opening(this.channel);
    try {
      if (homeOf(this.channel) === hub.name) this.#openHere(life);
      else await this.#openElsewhere(life, hub, attempt);
    } catch (failure) {
      if (!isRefusal(failure)) throw failure;
      this.#world.refused(this);
      if (attempt === this.#attempt) this.state = "out";
      hub.opening(this.channel);
    } finally {
      release();
    }
  }

  /** Unsubscribes, or closes its connection. */
  leave(): void {
    const { hub } = this;
    if (hub === undefined) return;
    if (this.state === "in") {
      const life = hub.awake();
      hub.clients.delete(this);
      life.exit(this);
      this.#announce(life, "leave");
    }
    this.disconnected();
  }

  /** The server has ended the subscription: what is missed from now on is not missed in silence. */
  ended(): void {
    this.#world.told(this);
    this.disconnected();
  }

  disconnected(): void {
    this.#attempt += 1;
    const stay = this.stays.at(-1);
    if (this.state === "in" && stay) stay.until = this.#world.clock.now;
    this.state = "out";
    this.hub = undefined;
  }

  #openHere(life: Life): void {
    this.#commit(life, openAtHome(life.home, this.channel, this.#recovery(), REPLY_LIMITS));
  }

  async #openElsewhere(life: Life, hub: Hub, attempt: number): Promise<void> {
    const opening = await life.follower.open(this.channel, this.#recovery());
    await this.#world.dawdle();
    if (life.isOver) return;
    hub.opening(this.channel);
    if (attempt === this.#attempt) this.#commit(life, opening);
    else opening.abandon();
  }

  #recovery() {
    const { position } = this;
    return position && { mode: "stream" as const, autoCache: false, request: position };
  }

  #commit(life: Life, opening: Opening): void {
    const recovery = this.#recovery();
    const { epoch, offset, history } = opening;
    const { first = 1, publications = [] } = history ?? {};
    const missed = publications.map((publication, index) => ({ offset: first + index, publication }));
    const decision = recovery && decideRecovery({ ...recovery, stream: { epoch, offset }, missed });
    const meanwhile = opening.commit();
    this.state = "in";
    this.#last = { publication: 0, event: 0 };
    this.stays.push({ since: this.#world.clock.now, until: Number.POSITIVE_INFINITY, seen: new Set() });
    life.locals.add(this.session, this.subscription);
    this.hub?.clients.add(this);
    this.#world.counts.subscribed += 1;
    if (this.hasHistory) {
      if (decision?.kind === "recovered") this.#recover(opening, decision.publications);
      else {
        if (recovery) this.#world.unrecovered(this, opening);
        this.position = { epoch, offset };
      }
      for (const publication of meanwhile) this.#take(idOfPublication(publication), this.#offset + 1);
    }
    this.#announce(life, "join");
  }

  get #offset(): number {
    return this.position?.offset ?? 0;
  }

  #recover(
    { epoch, offset }: Opening,
    publications: readonly { readonly offset: number; readonly publication: WirePublication }[],
  ) {
    if (this.position?.epoch !== epoch) this.#fail(`recovered of ${epoch}, was in ${this.position?.epoch}`);
    for (const entry of publications) this.#take(idOfPublication(entry.publication), entry.offset);
    if (this.#offset !== offset) this.#fail(`recovered up to ${this.#offset} of ${offset}`);
    this.#world.counts.recovered += 1;
  }

  #pushed(lines: string): void {
    if (this.state !== "in") this.#fail("was pushed something while it was not subscribed");
    for (const received of this.#reader.read(lines)) {
      this.#world.counts.delivered += 1;
      this.#inOrder(received);
      if (received.offset !== undefined) this.#take(received.id, received.offset);
    }
  }

  /** One after the other, as the home was given them. Join and leave events have an order of their own. */
  #inOrder({ kind, id, offset }: Received): void {
    const { journal } = this.#world;
    const entry = journal.entry(id);
    const stream = kind === "publication" ? "publication" : "event";
    if (entry.kind !== kind || entry.channel !== this.channel) this.#fail(`${id} is not meant for it`);
    if (entry.isNumbered !== (offset !== undefined)) this.#fail(`${id} came with offset ${offset}`);
    const { order = 0 } = entry;
    const isLate = order <= this.#last[stream];
    const isOvertaken = stream === "publication" && this.hub?.mayBeAhead(this.channel);
    if (isLate && !isOvertaken) this.#fail(`${id} came after what was published later`);
    this.#last[stream] = Math.max(order, this.#last[stream]);
    if (offset === undefined) this.#seeOnce(id);
  }

  #seeOnce(id: number): void {
    const seen = this.stays.at(-1)?.seen;
    if (seen?.has(id)) this.#fail(`${id} came twice`);
    seen?.add(id);
  }

  #take(id: number, offset: number): void {
    const { epoch = "" } = this.position ?? {};
    if (offset !== this.#offset + 1) this.#fail(`after ${this.#offset} came ${offset}`);
    if (this.#world.journal.entry(id).outcome === "refused") this.#fail(`${id} had been refused`);
    this.position = { epoch, offset };
    this.#world.journal.place(this.channel, this.position, id);
  }

  #announce(life: Life, kind: "join" | "leave"): void {
    if (!this.wantsJoinLeave) return;
    const id = this.#world.journal.add(this.channel, kind, false);
    life.submit(memberEventOf(kind, this.channel, id), () => {});
  }

  #fail(what: string): void {
    this.#world.broken(`${this.name} of ${this.channel} at ${this.hub?.name}: ${what}`);
  }
}

/** Whether a client that asks would be answered with a temporary error. */
function isRefusal(failure: unknown): boolean {
  return failure instanceof OpeningOverflow || isMeant(failure);
}
