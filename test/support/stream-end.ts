import type { ClientEnd, Closing } from "./hub-client.ts";

type Ask = (path: string, init: RequestInit) => Promise<Response>;

interface Line {
  readonly connect?: { readonly session?: string; readonly node?: string };
  readonly push?: { readonly disconnect?: Closing };
}

/** The client's end of a session over HTTP, as if it were a socket: its first frame opens the stream, others are posted. */
export class StreamEnd implements ClientEnd {
  /** Statuses of what was posted, in order. */
  readonly posted: number[] = [];
  /** The response of the stream. */
  response: Response | undefined;
  /** Everything that came, as it was written. */
  text = "";
  readonly #ask: Ask;
  readonly #path: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #messages: ((event: { readonly data: unknown }) => void)[] = [];
  readonly #closes: ((event: Closing) => void)[] = [];
  #address: { readonly session: string; readonly node: string } | undefined;
  #closing: Closing = { code: 1006, reason: "" };
  #last: Promise<unknown> = Promise.resolve();
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor(ask: Ask, path = "/connection/http_stream", headers: Readonly<Record<string, string>> = {}) {
    this.#ask = ask;
    this.#path = path;
    this.#headers = headers;
  }

  /** By which it is found. */
  get address(): { readonly session: string; readonly node: string } {
    if (this.#address === undefined) throw new Error("not connected");
    return this.#address;
  }

  send(frame: string | ArrayBuffer): void {
    if (typeof frame !== "string") throw new Error("text only");
    this.#last = this.#last.then(() => (this.response === undefined ? this.#open(frame) : this.#post(frame)));
  }

  close(): void {
    void this.#reader?.cancel();
    this.#end();
  }

  addEventListener(kind: "message" | "close", listen: (event: never) => void): void {
    (kind === "message" ? this.#messages : this.#closes).push(listen as never);
  }

  async #open(frame: string): Promise<void> {
    this.response = await this.#ask(this.#path, { method: "POST", body: frame, headers: this.#headers });
    if (this.response.status !== 200 || this.response.body === null) return this.#end();
    this.#reader = this.response.body.getReader();
    void this.#read(this.#reader);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#messages.push(() => resolve());
    this.#closes.push(() => resolve());
    await promise;
  }

  async #post(data: string): Promise<void> {
    const body = JSON.stringify({ ...this.address, data });
    const response = await this.#ask("/emulation", { method: "POST", body, headers: this.#headers });
    await response.text();
    this.posted.push(response.status);
  }

  async #read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (done || value === undefined) break;
      const text = decoder.decode(value, { stream: true });
      this.text += text;
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#take(line);
    }
    this.#end();
  }

  #take(written: string): void {
    const line = written.replace(/^data: /, "");
    if (line === "" || line.startsWith(":")) return;
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
