import { type Context, Hono, type Next } from "hono";
import { basePath } from "hono/route";
import { ApiKeys } from "./api/keys.ts";
import type { Deployment, Fetch, ServePage } from "./deployment/options.ts";
import { callLegacy, callMethod, describeApi } from "./routes/api.ts";
import type { Asked } from "./routes/asked.ts";
import { connectToChannels } from "./routes/channels.ts";
import { emulate } from "./routes/emulation.ts";
import { answerFailure } from "./routes/failure.ts";
import { describeGateway } from "./routes/gateway.ts";
import { connectByHttpStream, connectBySse } from "./routes/http-streams.ts";
import { writeMetrics } from "./routes/metrics.ts";
import { issueOperatorToken } from "./routes/operator-token.ts";
import { connectToHello, connectToRoom } from "./routes/rooms.ts";
import { trace } from "./routes/trace.ts";
import { listenByHttpStream, listenBySse } from "./routes/unidirectional.ts";
import { httpError } from "./shared/http-error.ts";
import { asksForWebSocket } from "./websocket/handshake.ts";

type Answer = (asked: Asked) => Response | Promise<Response>;

/**
 * A gateway's HTTP side.
 *
 * No middleware may change the headers of a room's response: the headers of a 101 are immutable, and a copy of it loses
 * its socket.
 */
export function createApp({ gateway, path, console, fallback }: Deployment): Hono {
  const app = new Hono().basePath(path === "" ? "/" : path);
  const keys = new ApiKeys();
  const to = (answer: Answer) => (context: Context) => {
    const request = context.req.raw;
    // With two Host headers, the Worker gets a URL that cannot be parsed.
    if (!URL.canParse(request.url)) return httpError("bad_request");
    const env = gateway.readEnv(context.env as object);
    return answer({ request, path: pathWithin(context), env, gateway, keys });
  };
  const hasPage = ({ env }: Asked) =>
    console !== undefined || (fallback === undefined && env.ASSETS !== undefined);
  app.get(
    "/healthz",
    to(() => Response.json({ status: "ok" })),
  );
  app.all(
    "/healthz",
    to(() => httpError("method_not_allowed", { Allow: "GET" })),
  );
  app.all("/ws", to(connectToHello));
  app.all("/rooms/*", to(connectToRoom));
  app.all("/connection/websocket", to(connectToChannels));
  app.all("/connection/http_stream", to(connectByHttpStream));
  app.all("/connection/sse", to(connectBySse));
  app.all("/emulation", to(emulate));
  app.all("/connection/uni_http_stream", to(listenByHttpStream));
  app.all("/connection/uni_sse", to(listenBySse));
  app.get("/api/openapi.json", to(describeApi));
  app.all("/api", to(callLegacy));
  app.all("/api/operator_token", to(issueOperatorToken));
  app.all("/api/trace", to(trace));
  app.all("/api/*", to(callMethod));
  app.get("/metrics", to(writeMetrics));
  app.get(
    "/gateway.json",
    to((asked) => (hasPage(asked) ? describeGateway(asked) : httpError("not_found"))),
  );
  if (console) app.all("/*", (context, next) => servePage(context, console, next));
  app.notFound((context) => (fallback ? passOn(fallback, context) : to(serveAssets)(context)));
  app.onError((failure) => {
    if (failure instanceof ApplicationFailure) throw failure.cause;
    return answerFailure(failure);
  });
  return app;
}

/**
 * The path of a request behind where the gateway is mounted, as it was sent. It is cut off by segments: Hono decodes a
 * path before it looks for the route, so the request may have the same base in more characters.
 */
function pathWithin(context: Context): string {
  const segments = new URL(context.req.url).pathname.split("/");
  const depth = basePath(context).split("/").filter(Boolean).length;
  return ["", ...segments.slice(1 + depth)].join("/");
}

/** What the application throws is the application's: the request ends as it would without a gateway. */
class ApplicationFailure extends Error {}

async function passOn(fallback: Fetch, context: Context): Promise<Response> {
  try {
    return await fallback(context.req.raw, context.env as object, context.executionCtx as ExecutionContext);
  } catch (cause) {
    throw new ApplicationFailure("the fallback has failed", { cause });
  }
}

async function servePage(context: Context, page: ServePage, next: Next): Promise<Response | undefined> {
  const { raw } = context.req;
  const isForPage = URL.canParse(raw.url) && !asksForWebSocket(raw.headers);
  const response = isForPage ? await page(raw, pathWithin(context)) : undefined;
  if (response === undefined) await next();
  return response;
}

function serveAssets({ request, env: { ASSETS } }: Asked): Response | Promise<Response> {
  return ASSETS === undefined || asksForWebSocket(request.headers)
    ? httpError("not_found")
    : ASSETS.fetch(request);
}
