import { createSession } from "../auth/stream-sessions.ts";
import { keepHeaders } from "../channels/kept-headers.ts";
import { sessionKeyOf } from "../deployment/session-key.ts";
import type { Encoding } from "../protocol/codecs.ts";
import { isUnidirectional, type StreamTransport, streamHandshake } from "../protocol/http/transports.ts";
import { EVENTS, type StreamWriter } from "../protocol/http/writer.ts";
import { Relay } from "../relay/relay.ts";
import { httpError } from "../shared/http-error.ts";
import { HTTP_STREAM_LIMITS } from "../shared/limits.ts";
import { TRACEPARENT, traceOf, traceparentOf } from "../shared/trace-context.ts";
import type { Asked } from "./asked.ts";
import { place } from "./placement.ts";

/** The Worker's end of a socket to a hub, which is not accepted yet; or the answer that refuses it. */
export async function openSocket(
  asked: Asked,
  { transport, encoding }: { readonly transport: StreamTransport; readonly encoding: Encoding },
): Promise<WebSocket | Response> {
  const { request, env, gateway } = asked;
  const { config } = gateway;
  const kept = keepHeaders(request.headers, config.proxy?.httpHeaders ?? []);
  if (kept === undefined) return httpError("headers_too_large");
  const traceparent = traceparentOf(traceOf(request.headers));
  const response = await place(asked, async (hub) => {
    // Who only listens sends no commands that would have to find it.
    const session = isUnidirectional(transport)
      ? ""
      : await createSession(await sessionKeyOf(env, config), hub);
    return streamHandshake({ transport, session }, encoding, { ...kept, [TRACEPARENT]: traceparent });
  });
  return response.webSocket ?? response;
}

/** Passes on what comes of that socket. */
export function relayOf({ gateway }: Asked, socket: WebSocket, writer: StreamWriter): Relay {
  const { queueSize, replyMaxLength, pingInterval } = gateway.config.connection;
  return new Relay(socket, {
    writer,
    relays: gateway.relays,
    queueSize,
    // A whole reply may wait, whatever its characters take.
    mostWaiting: queueSize + 3 * replyMaxLength,
    silence: pingInterval * 1000 > HTTP_STREAM_LIMITS.silence ? HTTP_STREAM_LIMITS.silence : undefined,
  });
}

export function streamResponse({ contentType }: Pick<StreamWriter, "contentType">, body: BodyInit): Response {
  return new Response(body, {
    headers: {
      "Content-Type": contentType,
      "Cache-Control": "private, no-cache, no-store, no-transform",
      // nginx holds back what comes without it.
      "X-Accel-Buffering": "no",
    },
  });
}

/** An `EventSource` never comes back after a status, so one that passes is told when to; `said` are the last words. */
export function comeBack(response: Response, said: string): Response {
  const seconds = Number(response.headers.get("Retry-After") ?? 0);
  return seconds === 0 ? response : streamResponse(EVENTS, `retry: ${1_000 * seconds}\n\n${said}`);
}
