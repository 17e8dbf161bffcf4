import type { ClientEnd, Closing } from "./hub-client.ts";
import { type StreamAddress, type StreamFraming, textFraming } from "./stream-framing.ts";

type Ask = (path: string, init: RequestInit) => Promise<Response>;

interface Line {
  readonly connect?: { readonly session?: string; readonly node?: string };
  readonly push?: { readonly disconnect?: Closing };
}

/**
 * The client's end of a session over HTTP, as if it were a socket of JSON lines: its first frame opens the stream, others are
 * posted, one after the other.
 */
export class StreamEnd implements ClientEnd {
  /** Statuses of what was posted, in order. */
  readonly posted: number[] = [];
  /** The response of the stream. */
  response: Response | undefined;
  readonly #ask: Ask;
  readonly #path: string;
  readonly #framing: StreamFraming;
  readonly #messages: ((event: { readonly data: unknown }) => void)[] = [];
  readonly #closes: ((event: Closing) => void)[] = [];
  #address: StreamAddress | undefined;
  #closing: Closing = { code: 1006, reason: "" };
  #isClosed = false;
  #last: Promise<unknown> = Promise.resolve();
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor(ask: Ask, path = "/connection/http_stream", framing = textFraming()) {
    this.#ask = ask;
    this.#path = path;
    this.#framing = framing;
  }

  /** By which it is found. */
  get address(): StreamAddress {
    if (this.#address === undefined) throw new Error("not connected");
    return this.#address;
  }

  /** Commands as JSON lines; bytes are sent as they are. */
  send(commands: string | ArrayBuffer): void {
    const frame = this.#framing.frame(commands);
    this.#last = this.#last
      .then(() => (this.response === undefined ? this.#open(frame) : this.#post(frame)))
      .catch(() => this.close());
  }

  close(): void {
    this.#isClosed = true;
    void this.#reader?.cancel();
    this.#end();
  }

  addEventListener(kind: "message" | "close", listen: (event: never) => void): void {
    (kind === "message" ? this.#messages : this.#closes).push(listen as never);
  }

  async #open(frame: string | ArrayBuffer): Promise<void> {
    const { headers } = this.#framing;
    this.response = await this.#ask(this.#path, { method: "POST", body: frame, headers });
    if (this.response.status !== 200 || this.response.body === null) return this.#end();
    this.#reader = this.response.body.getReader();
    if (this.#isClosed) return this.close();
    void this.#read(this.#reader);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#messages.push(() => resolve());
    this.#closes.push(() => resolve());
    await promise;
  }

  /** What finds no session ends the stream, as in centrifuge-js. */
  async #post(frame: string | ArrayBuffer): Promise<void> {
    const { headers } = this.#framing;
    const body = this.#framing.envelope(this.address, frame);
    const response = await this.#ask("/emulation", { method: "POST", body, headers });
    await response.text();
    this.posted.push(response.status);
    if (response.status === 404) this.close();
  }

  async #read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (done || value === undefined) break;
      for (const line of this.#framing.read(value)) this.#take(line);
    }
    this.#end();
  }

  #take(line: string): void {
    const { connect, push } = JSON.parse(line) as Line;
    if (connect?.session !== undefined)
      this.#address = { session: connect.session, node: connect.node ?? "" };
    if (push?.disconnect) this.#closing = push.disconnect;
    for (const listen of this.#messages) listen({ data: line });
  }

  #end(): void {
    for (const listen of this.#closes.splice(0)) listen(this.#closing);
  }
}
