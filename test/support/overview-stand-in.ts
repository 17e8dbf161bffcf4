/**
 * A gateway that only has an overview: it serves the page, takes any key, pushes hubs that were made up, and answers the
 * methods that the overview asks. For what no small machine can have: 200 hubs and 100,000 channels.
 */

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { readPageFiles } from "../../scripts/package/page-files.ts";
import { OVERVIEW_CHANNEL, type OverviewMessage } from "../../src/overview/messages.ts";
import { serveFiles } from "../../src/package/serve-files.ts";
import { MadeUpApi } from "./made-up-api.ts";

export interface StandIn {
  readonly url: string;
  readonly api: MadeUpApi;
  /** Answers every connect with an error from now on. */
  refuse(error: { readonly code: number; readonly message: string }): void;
  /** Sends to every open overview. */
  push(message: OverviewMessage): void;
  close(): void;
}

const TOKEN_SECONDS = 600;

/** @param first what is pushed to whoever opens the overview. */
export async function startStandIn(first: () => OverviewMessage): Promise<StandIn> {
  const api = new MadeUpApi();
  api.answer("operator_token", tokenFor(["observe", "operate", "trace"]));
  api.answer("overview_channels", { result: { channels: [], total: 0, complete: true } });
  let refusal: object | undefined;
  const server = createServer(respondWith(api));
  const overviews = new WebSocketServer({ server, path: "/connection/websocket" });
  overviews.on("connection", (socket) => {
    socket.on("message", (frame) => {
      for (const id of idsOfConnects(String(frame))) answerConnect(socket, id, refusal, first);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    api,
    refuse(error) {
      refusal = error;
    },
    push(message) {
      for (const socket of overviews.clients) socket.send(publication(message));
    },
    close() {
      for (const socket of overviews.clients) socket.terminate();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What `operator_token` answers for a key with these rights. */
export function tokenFor(rights: readonly string[], seconds = TOKEN_SECONDS): object {
  const expires_at = Math.floor(Date.now() / 1_000) + seconds;
  return { result: { token: "a token", expires_at, name: "on call", rights } };
}

function idsOfConnects(frame: string): number[] {
  const commands = frame.split("\n").map((line) => JSON.parse(line) as { id?: number; connect?: unknown });
  return commands.flatMap(({ id, connect }) => (connect && id !== undefined ? [id] : []));
}

function answerConnect(
  socket: WebSocket,
  id: number,
  refusal: object | undefined,
  first: () => OverviewMessage,
): void {
  const subs = { [OVERVIEW_CHANNEL]: {} };
  const connect = { client: "an overview", version: "", subs, expires: true, ttl: TOKEN_SECONDS };
  socket.send(JSON.stringify(refusal ? { id, error: refusal } : { id, connect }));
  if (!refusal) socket.send(publication(first()));
}

function publication(data: OverviewMessage): string {
  return JSON.stringify({ push: { channel: OVERVIEW_CHANNEL, pub: { data } } });
}

function respondWith(api: MadeUpApi): (request: IncomingMessage, response: ServerResponse) => void {
  const serve = serveFiles(readPageFiles("static"));
  return (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://stand-in");
    const [, method] = /^\/api\/(\w+)$/.exec(pathname) ?? [];
    if (method !== undefined) void api.respond(method, request, response);
    else if (pathname === "/gateway.json") response.end(JSON.stringify({ kinds: [], namespaces: [] }));
    else void send(response, serve(new Request(`http://stand-in${pathname}`), pathname));
  };
}

async function send(response: ServerResponse, file: Response | undefined): Promise<void> {
  response.writeHead(file?.status ?? 404, Object.fromEntries(file?.headers ?? []));
  response.end(await file?.text());
}
