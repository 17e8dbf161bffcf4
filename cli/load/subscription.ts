import type { SubscribedContext } from "centrifuge";
import type { LoadChannel } from "./channel.ts";
import type { Measurements } from "./measurements.ts";
import { readStamp } from "./plan.ts";
import { Reception } from "./reception.ts";

/** What one subscription must get and has got. In a stream offsets tell, elsewhere the numbers of the publications. */
export class LoadSubscription {
  readonly #channel: LoadChannel;
  readonly #measured: Measurements;
  #reception: Reception | undefined;
  #epoch: string | undefined;
  /** Of receptions that have ended. */
  #lostBefore = 0;
  #repeatedBefore = 0;
  #outOfOrderBefore = 0;

  constructor(channel: LoadChannel, measured: Measurements) {
    this.#channel = channel;
    this.#measured = measured;
  }

  /** Whether it ever was subscribed. */
  get hasBegun(): boolean {
    return this.#reception !== undefined;
  }

  get isOfStream(): boolean {
    return this.#epoch !== undefined;
  }

  onSubscribed({ streamPosition, wasRecovering, recovered }: Partial<SubscribedContext>): void {
    if (streamPosition === undefined) {
      // Without a stream nothing is brought afterwards: what was published meanwhile is not lost.
      this.#begin(this.#channel.begun + 1);
      return;
    }
    const isOther = this.#epoch !== streamPosition.epoch;
    if (wasRecovering && !recovered) this.#measured.unrecovered += 1;
    if (isOther) this.#begin(streamPosition.offset + 1);
    else if (wasRecovering && !recovered) this.#reception?.skipTo(streamPosition.offset);
    this.#epoch = streamPosition.epoch;
    this.#channel.seeOffset(streamPosition.offset);
  }

  onPublication({ data, offset }: { readonly data: unknown; readonly offset?: number | undefined }): void {
    this.#measured.received += 1;
    const stamp = readStamp(data);
    if (stamp) this.#measured.delivery.record(performance.now() - stamp.t);
    if (offset !== undefined) this.#channel.seeOffset(offset);
    const number = this.isOfStream ? offset : stamp?.n;
    if (number !== undefined) this.#reception?.receive(number);
  }

  /** It has sent this itself, and nobody brings it. */
  onOwn(data: unknown): void {
    const stamp = readStamp(data);
    if (stamp) this.#reception?.receive(stamp.n);
  }

  get lost(): number {
    return this.#lostBefore + this.#lostOf(this.isOfStream ? this.#channel.lastOffset : this.#channel.begun);
  }

  get repeated(): number {
    return this.#repeatedBefore + (this.#reception?.repeated ?? 0);
  }

  /** Only in a stream: elsewhere, publications of several clients have no order. */
  get outOfOrder(): number {
    return this.#outOfOrderBefore + (this.isOfStream ? (this.#reception?.outOfOrder ?? 0) : 0);
  }

  #begin(first: number): void {
    this.#lostBefore += this.#lostOf(this.#reception?.highest ?? 0);
    this.#repeatedBefore = this.repeated;
    this.#outOfOrderBefore = this.outOfOrder;
    this.#reception = new Reception(first);
  }

  #lostOf(last: number): number {
    const isExpected = this.isOfStream ? undefined : this.#channel.isExpected;
    return this.#reception?.lost(last, isExpected) ?? 0;
  }
}
