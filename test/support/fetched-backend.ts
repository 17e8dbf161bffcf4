import { onTestFinished, vi } from "vitest";
import { until } from "./until.ts";

/** One request as the backend got it. */
export interface Asked {
  readonly path: string;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

type Answer = (asked: Asked, request: Request) => unknown;

/** The backend of one test, where it stands. */
export class Backend {
  readonly address = `https://backend-${crypto.randomUUID()}.test`;
  readonly asked: Asked[] = [];
  /** Answers with JSON, or with a response. */
  answer: Answer;

  constructor(answer: Answer = () => ({ result: {} })) {
    this.answer = answer;
    const original = globalThis.fetch;
    const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
      const request = new Request(input as Request, init);
      return request.url.startsWith(this.address) ? this.#take(request) : original(request);
    });
    onTestFinished(() => void spy.mockRestore());
  }

  /** The bodies that came to one path. */
  bodies(path: string): Record<string, unknown>[] {
    return this.asked.filter((asked) => asked.path === path).map(({ body }) => body);
  }

  async untilAsked(path: string, times = 1): Promise<Asked[]> {
    const there = () => this.asked.filter((asked) => asked.path === path);
    await until(async () => there().length >= times);
    return there();
  }

  async #take(request: Request): Promise<Response> {
    const text = await request.clone().text();
    const asked = {
      path: new URL(request.url).pathname,
      headers: request.headers,
      text,
      body: JSON.parse(text),
    };
    this.asked.push(asked);
    const answer = await this.answer(asked, request);
    return answer instanceof Response ? answer : Response.json(answer);
  }
}
