import { Hono } from "hono";
import { createNamespaces, type Namespaces } from "./channels/namespaces.ts";
import type { Env } from "./deployment/env.ts";
import type { RoomHandler } from "./rooms/handler.ts";
import { resolveOptions } from "./rooms/options.ts";
import { callLegacy, callMethod, describeApi } from "./routes/api.ts";
import { connectToChannels } from "./routes/channels.ts";
import { describeGateway } from "./routes/gateway.ts";
import { writeMetrics } from "./routes/metrics.ts";
import { connectToHello, connectToRoom } from "./routes/rooms.ts";
import { httpError } from "./shared/http-error.ts";
import { ROOM_LIMITS } from "./shared/limits.ts";
import { logFailure } from "./shared/log.ts";
import { asksForWebSocket } from "./websocket/handshake.ts";

/**
 * The gateway's HTTP side. `?channel=` is heeded only for channels of `namespaces`.
 *
 * No middleware may change the headers of a room's response: the headers of a 101 are immutable, and a copy of it loses
 * its socket.
 */
export function createApp(
  kinds: Readonly<Record<string, RoomHandler>>,
  namespaces: Namespaces = createNamespaces({}),
): Hono<{ Bindings: Env }> {
  for (const kind of Object.keys(kinds)) checkKind(kind, kinds);
  const app = new Hono<{ Bindings: Env }>();
  // With two Host headers, the Worker gets a URL that cannot be parsed.
  app.use(({ req }, next) =>
    URL.canParse(req.raw.url) ? next() : Promise.resolve(httpError("bad_request")),
  );
  app.get("/healthz", () => Response.json({ status: "ok" }));
  app.all("/healthz", () => httpError("method_not_allowed", { Allow: "GET" }));
  app.all("/ws", (context) => connectToHello(context, kinds));
  app.all("/rooms/*", (context) => connectToRoom(context, kinds));
  app.all("/connection/websocket", (context) => connectToChannels(context, namespaces));
  app.get("/api/openapi.json", describeApi);
  app.all("/api", (context) => callLegacy(context, namespaces));
  app.all("/api/*", (context) => callMethod(context, namespaces));
  app.get("/metrics", ({ req, env }) => writeMetrics(req.raw, env, namespaces));
  app.get("/gateway.json", ({ env: { ASSETS } }) =>
    ASSETS === undefined ? httpError("not_found") : describeGateway(kinds, namespaces),
  );
  app.all("*", ({ req, env: { ASSETS } }) =>
    ASSETS === undefined || asksForWebSocket(req.raw.headers)
      ? httpError("not_found")
      : ASSETS.fetch(req.raw),
  );
  app.onError((failure) => {
    logFailure("request_failed", failure);
    return isPassing(failure)
      ? httpError("overloaded", { "Retry-After": String(ROOM_LIMITS.retryAfter) })
      : httpError("internal");
  });
  return app;
}

function checkKind(kind: string, kinds: Readonly<Record<string, RoomHandler>>): void {
  const handler = kinds[kind];
  if (!/^[\w-]+$/.test(kind)) throw new Error(`room kind "${kind}": use letters, digits, "_" and "-"`);
  try {
    if (handler) resolveOptions(handler);
  } catch (failure) {
    throw new Error(`room kind "${kind}": ${failure instanceof Error ? failure.message : failure}`);
  }
}

/** Whether the platform says that a Durable Object will answer again: it is overloaded, or was just moved or updated. */
function isPassing(failure: unknown): boolean {
  const { overloaded, retryable } = failure as { overloaded?: boolean; retryable?: boolean };
  return overloaded === true || retryable === true;
}
