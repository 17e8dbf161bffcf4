/** The server API as a test wants it: it answers what it was told to, and remembers what it was asked. */

import type { IncomingMessage, ServerResponse } from "node:http";

export interface Asked {
  readonly method: string;
  readonly params: Record<string, unknown>;
  readonly body: string;
  readonly key: string | undefined;
  readonly token: string | undefined;
}

/** JSON; a text, which begins a stream of JSON lines that goes on; a stream that ends; or another status with a text. */
export type Answer =
  | object
  | string
  | { readonly stream: string }
  | { readonly status: number; readonly text: string }
  | ((asked: Asked) => object);

export class MadeUpApi {
  readonly asked: Asked[] = [];
  readonly #answers = new Map<string, Answer>();
  readonly #streams = new Set<ServerResponse>();

  /** Streams that somebody still reads. */
  get openStreams(): number {
    return this.#streams.size;
  }

  /** Answers a method from now on. */
  answer(method: string, answer: Answer): void {
    this.#answers.set(method, answer);
  }

  async respond(method: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await readRequest(method, request);
    this.asked.push(asked);
    const given = this.#answers.get(method) ?? { result: {} };
    const answer = typeof given === "function" ? (given as (asked: Asked) => object)(asked) : given;
    if (typeof answer === "string") this.#stream(response).write(answer);
    else if ("stream" in answer) this.#stream(response).end(answer.stream);
    else if ("status" in answer) response.writeHead(Number(answer.status)).end(Reflect.get(answer, "text"));
    else response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
  }

  #stream(response: ServerResponse): ServerResponse {
    this.#streams.add(response);
    response.on("close", () => this.#streams.delete(response));
    return response.writeHead(200, { "Content-Type": "application/x-ndjson" });
  }
}

async function readRequest(method: string, request: IncomingMessage): Promise<Asked> {
  let body = "";
  for await (const part of request) body += String(part);
  const { "x-api-key": key, authorization: token } = request.headers;
  const params = JSON.parse(body) as Record<string, unknown>;
  return { method, body, params, key: key?.toString(), token };
}
