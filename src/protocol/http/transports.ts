import type { Encoding } from "../codecs.ts";
import { SUBPROTOCOLS } from "../subprotocol.ts";

/** How a client over HTTP is reached: the Worker holds its stream, and a socket to the hub. */
export type StreamTransport = "http_stream" | "sse" | "uni_http_stream" | "uni_sse";

export type Transport = "websocket" | StreamTransport;

/** What a hub knows of a stream. */
export interface HttpStream {
  readonly transport: StreamTransport;
  /** By which commands of the client reach it; "" where it sends none. */
  readonly session: string;
}

/** Whether the client of a transport only listens. */
export function isUnidirectional(transport: StreamTransport): boolean {
  return transport.startsWith("uni_");
}

const ADDRESS = /^\/(http_stream|sse|uni_http_stream|uni_sse)\/([\w.-]*)$/;

/**
 * The request for the socket of a stream. Nothing of its address comes from the client: an upgrade of a client's own
 * has the path that routes know, and can never pass for a stream.
 *
 * @param kept Headers that hooks are told of.
 */
export function streamHandshake(
  { transport, session }: HttpStream,
  encoding: Encoding,
  kept: Readonly<Record<string, string>>,
): Request {
  const headers = new Headers(kept);
  headers.set("Upgrade", "websocket");
  // Also where the client's own is among those that hooks are told of.
  headers.set("Sec-WebSocket-Protocol", SUBPROTOCOLS[encoding]);
  return new Request(`https://worker.internal/${transport}/${session}`, { headers });
}

/** The stream that a handshake is for; undefined for a client's own. */
export function streamOf({ url }: Pick<Request, "url">): HttpStream | undefined {
  const [, transport, session = ""] = ADDRESS.exec(new URL(url).pathname) ?? [];
  return transport === undefined ? undefined : { transport: transport as StreamTransport, session };
}
