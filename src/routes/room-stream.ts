import { Relay } from "../relay/relay.ts";
import { RoomEventStream } from "../rooms/event-stream.ts";
import type { RoomHandler } from "../rooms/handler.ts";
import { type ResolvedOptions, resolveOptions } from "../rooms/options.ts";
import { ROOM_CLOSES } from "../shared/codes.ts";
import { HTTP_STREAM_LIMITS } from "../shared/limits.ts";
import { asksForWebSocket } from "../websocket/handshake.ts";
import type { Asked } from "./asked.ts";
import { refusedOverBudget, refuseOverBudget } from "./budget.ts";
import { refuseAddress } from "./connection-rate.ts";
import { answerPages } from "./cors.ts";
import { orFailure } from "./failure.ts";
import { comeBack, streamResponse } from "./stream-opening.ts";

/**
 * Whether a request is for the stream of a room, or asks beforehand whether a page may make such a one with headers of its
 * own. Where a kind answers requests, that question is the kind's.
 */
export function isForStream(handler: RoomHandler, request: Request): boolean {
  if (handler.stream !== true) return false;
  const isQuestion =
    request.method === "OPTIONS" && request.headers.get("Access-Control-Request-Method") === "GET";
  return asksForEvents(request) || (isQuestion && handler.request === undefined);
}

/** Whether a request is one of an `EventSource`. */
function asksForEvents({ method, headers }: Request): boolean {
  const accepted = (headers.get("Accept") ?? "")
    .split(",")
    .map((range) => range.split(";")[0]?.trim().toLowerCase());
  return method === "GET" && !asksForWebSocket(headers) && accepted.includes("text/event-stream");
}

/** A socket into a room that only listens, as Server-Sent Events. */
export function listenToRoom(asked: Asked, handler: RoomHandler, object: string): Promise<Response> {
  return answerPages(asked, ["GET"], async () => {
    const refusal = refuseOverBudget(asked) ?? (await refuseAddress(asked));
    const answer = refusal ?? (await orFailure(listen(asked, resolveOptions(handler), object)));
    const { code, reason } = ROOM_CLOSES.overloaded;
    return comeBack(answer, new RoomEventStream(undefined).end({ code, reason }));
  });
}

async function listen(asked: Asked, options: ResolvedOptions, object: string): Promise<Response> {
  const { request, env, gateway } = asked;
  const headers = new Headers(request.headers);
  headers.set("Upgrade", "websocket");
  // The room's own request: it has no subprotocol that somebody could wait for.
  headers.delete("Sec-WebSocket-Protocol");
  const opened = await env.ROOM.getByName(object).fetch(new Request(request, { headers }));
  if (opened.webSocket === null) return refusedOverBudget(asked, opened) ?? opened;
  const writer = new RoomEventStream(options.heartbeat);
  const relay = new Relay(opened.webSocket, {
    writer,
    relays: gateway.relays,
    queueSize: options.backpressureLimit,
    mostWaiting: 2 * options.backpressureLimit,
    silence: silenceOf(options),
  });
  return withHeadersOf(opened, streamResponse(writer, relay.body));
}

/** Between two heartbeats, half of the time passes after which a room takes a client for gone. */
function silenceOf({ heartbeat, idleTimeout }: ResolvedOptions): number {
  const { silence } = HTTP_STREAM_LIMITS;
  return heartbeat && idleTimeout > 0 ? Math.min(silence, idleTimeout / 2) : silence;
}

/** What `upgrade` has set, such as a cookie. */
function withHeadersOf(opened: Response, response: Response): Response {
  for (const [name, value] of opened.headers)
    if (!/^(?:upgrade|connection|sec-websocket-.*)$/i.test(name)) response.headers.append(name, value);
  return response;
}
