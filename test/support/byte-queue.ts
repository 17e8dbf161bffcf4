/** Bytes that have come and nobody has taken yet. Its room doubles, since one frame can be 32 MiB. */
export class ByteQueue {
  #bytes = Buffer.alloc(64 * 1024);
  #start = 0;
  #end = 0;

  /** What waits; valid until the next `push`. */
  get waiting(): Buffer {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  push(chunk: Buffer): void {
    if (this.#end + chunk.length > this.#bytes.length) this.#makeRoom(chunk.length);
    this.#end += chunk.copy(this.#bytes, this.#end);
  }

  drop(size: number): void {
    this.#start += size;
  }

  #makeRoom(size: number): void {
    const waiting = this.waiting;
    const larger = Buffer.alloc(Math.max(this.#bytes.length, 2 * (waiting.length + size)));
    this.#end = waiting.copy(larger);
    this.#start = 0;
    this.#bytes = larger;
  }
}
