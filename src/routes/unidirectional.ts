import { type ConnectRequest, connectCommand, readConnectRequest } from "../protocol/http/connect-request.ts";
import type { StreamTransport } from "../protocol/http/transports.ts";
import { disconnectPush, endOfError, Unidirectional } from "../protocol/http/unidirectional.ts";
import {
  EVENTS,
  EVENTS_WITH_IDS,
  type LineFormat,
  NDJSON,
  type StreamWriter,
} from "../protocol/http/writer.ts";
import { type CloseDefinition, DISCONNECTS, HTTP_ERRORS, type HttpErrorCode } from "../shared/codes.ts";
import { httpError } from "../shared/http-error.ts";
import type { Asked } from "./asked.ts";
import { refuseAddress } from "./connection-rate.ts";
import { answerPages } from "./cors.ts";
import { orFailure } from "./failure.ts";
import { refuseToken } from "./first-commands.ts";
import { readMessage } from "./message-body.ts";
import { comeBack, openSocket, relayOf, streamResponse } from "./stream-opening.ts";

/** `POST /connection/uni_http_stream`: what a client hears that sends nothing, as lines. */
export function listenByHttpStream(asked: Asked): Promise<Response> {
  return answerPages(asked, ["POST"], () => listen(asked, "uni_http_stream", NDJSON));
}

/** `GET /connection/uni_sse`: the same for an `EventSource`. */
export function listenBySse(asked: Asked): Promise<Response> {
  return answerPages(asked, ["GET", "POST"], async () =>
    comeBack(await orFailure(listen(asked, "uni_sse", EVENTS_WITH_IDS)), AGAIN),
  );
}

const AGAIN = EVENTS.lines(disconnectPush(DISCONNECTS.tooManyRequests));

async function listen(asked: Asked, transport: StreamTransport, format: LineFormat): Promise<Response> {
  const refusal = await refuseAddress(asked);
  if (refusal) return refusal;
  const request = await readRequest(asked);
  if (request instanceof Response) return request;
  const writer = new Unidirectional(format, request);
  const refused = await refuseToken(asked, request.connect.token);
  if (refused)
    return refuse(refused.kind === "error" ? endOfError(refused.error) : refused.disconnect, writer);
  const socket = await openSocket(asked, { transport, encoding: "json" });
  if (socket instanceof Response) return socket;
  const relay = relayOf(asked, socket, writer);
  socket.send(connectCommand(request));
  const closed = await writer.opened;
  if (closed === undefined) return streamResponse(writer, relay.body);
  await relay.body.cancel();
  return refuse(closed, writer);
}

async function readRequest(asked: Asked): Promise<ConnectRequest | Response> {
  const text = await readMessage(asked);
  if (text instanceof Response) return text;
  const { headers, url } = asked.request;
  const { searchParams } = new URL(url);
  const request = readConnectRequest(text, {
    channels: searchParams.getAll("channel"),
    token: bearerOf(headers) ?? searchParams.get("token") ?? "",
    lastEventId: headers.get("Last-Event-ID") ?? searchParams.get("last_event_id") ?? "",
  });
  if (request === undefined) return httpError("bad_connect_request");
  const { channelLimit } = asked.gateway.config.connection;
  return request.channels.size > channelLimit ? httpError("too_many_channels") : request;
}

function bearerOf(headers: Headers): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.get("Authorization") ?? "")?.[1];
}

/** What is refused for good: every status but 200 ends an `EventSource`. */
const REFUSALS: ReadonlyMap<number, HttpErrorCode> = new Map<number, HttpErrorCode>([
  [DISCONNECTS.invalidToken.code, "token_refused"],
  // The same request would never get another answer.
  [DISCONNECTS.expired.code, "token_refused"],
  // No token, where there must be one.
  [DISCONNECTS.badRequest.code, "token_refused"],
]);

function refuse(close: CloseDefinition, writer: StreamWriter): Response {
  const code = REFUSALS.get(close.code) ?? (close.reconnect ? undefined : "connect_refused");
  if (code === undefined) return streamResponse(writer, writer.opening + writer.end(close));
  const { status, message } = HTTP_ERRORS[code];
  const disconnect = { code: close.code, reason: close.reason };
  return Response.json({ error: { code, message }, disconnect }, { status });
}
