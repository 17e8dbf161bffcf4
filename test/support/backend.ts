import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Hono } from "hono";
import type { BackendEvent } from "../../src/channels/backend-event.ts";
import { verify } from "../../src/proxy/signature.ts";

export const SECRET = "a secret that gateway and backend share";

/** What a handler may use to misbehave. */
interface Bindings {
  readonly outgoing: ServerResponse;
}

export interface Question {
  readonly path: string;
  readonly headers: Headers;
  readonly isSigned: boolean;
  readonly body: Record<string, unknown>;
}

/** Answers a question: JSON, a response, or one of the ways not to answer. */
export type Answer = (question: Question) => unknown;

/** The connection is cut instead of an answer. */
export const CUT = Symbol("cut");
/** There is never an answer. */
export const HANG = Symbol("hang");

/** A backend on this machine that can be slow, broken or lying. It keeps what it was asked and told. */
export interface TestBackend {
  readonly url: string;
  readonly questions: Question[];
  /** What it has been told of, each event once, in the order of its arrival. */
  readonly events: BackendEvent[];
  /** Answers everything but events. */
  answer: Answer;
  /** The status that events are answered with. */
  eventStatus: number;
  /** How often events have been refused with it. */
  refusals: number;
  stop(): Promise<void>;
}

/** Starts a backend: questions go to any path, events to `/events`. */
export async function startBackend(answer: Answer = () => ({ result: {} })): Promise<TestBackend> {
  const questions: Question[] = [];
  const events: BackendEvent[] = [];
  const app = new Hono<{ Bindings: Bindings }>();
  app.post("/events", async ({ req, body }) => {
    const text = await req.text();
    if (!(await verify(req.header("X-Poorwill-Signature"), text, SECRET))) return body(null, 401);
    if (backend.eventStatus !== 200) {
      backend.refusals += 1;
      return new Response(null, { status: backend.eventStatus });
    }
    const told = (JSON.parse(text) as { events: BackendEvent[] }).events;
    events.push(...told.filter(({ id }) => !events.some((known) => known.id === id)));
    return body(null, 204);
  });
  app.post("*", async ({ req, env }) => {
    const text = await req.text();
    const isSigned = await verify(req.header("X-Poorwill-Signature"), text, SECRET);
    const question = { path: req.path, headers: req.raw.headers, isSigned, body: JSON.parse(text) };
    questions.push(question);
    const answered = await backend.answer(question);
    if (answered === CUT) env.outgoing.destroy();
    if (answered === HANG || answered === CUT) return new Promise<Response>(() => {});
    return answered instanceof Response ? answered : Response.json(answered);
  });
  const { url, stop } = await serveApp((request, bindings) => app.fetch(request, bindings));
  const backend: TestBackend = { url, questions, events, answer, eventStatus: 200, refusals: 0, stop };
  return backend;
}

async function serveApp(
  respond: (request: Request, bindings: Bindings) => Response | Promise<Response>,
): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    void pass(incoming, outgoing, respond).catch(() => outgoing.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${address.port}`, stop };
}

async function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  respond: (request: Request, bindings: Bindings) => Response | Promise<Response>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = new Headers(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const init = { method: incoming.method ?? "GET", headers, body: Buffer.concat(chunks) };
  const response = await respond(new Request(`http://backend.test${incoming.url}`, init), { outgoing });
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}
