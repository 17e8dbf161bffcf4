import { lineWriter, PROTOBUF, type SessionWriter } from "../protocol/http/bidirectional.ts";
import type { StreamTransport } from "../protocol/http/transports.ts";
import { EVENTS, NDJSON } from "../protocol/http/writer.ts";
import { httpError } from "../shared/http-error.ts";
import { lengthOf } from "../shared/payload-size.ts";
import type { Asked } from "./asked.ts";
import { refuseAddress } from "./connection-rate.ts";
import { answerPages } from "./cors.ts";
import { refuseCommands } from "./first-commands.ts";
import { isBinary, readFrame } from "./message-body.ts";
import { openSocket, relayOf, streamResponse } from "./stream-opening.ts";

/**
 * `POST /connection/http_stream`: a session of the channel protocol whose frames are the body of the response, as lines or,
 * for a request in Protobuf, as its messages.
 */
export function connectByHttpStream(asked: Asked): Promise<Response> {
  const writer = isBinary(asked.request) ? PROTOBUF : lineWriter(NDJSON);
  return answerPages(asked, ["POST"], () => connect(asked, "http_stream", writer));
}

/** `/connection/sse`: the same as Server-Sent Events. The first commands are `cf_connect` of a GET, or the body of a POST. */
export function connectBySse(asked: Asked): Promise<Response> {
  return answerPages(asked, ["GET", "POST"], () => connect(asked, "sse", lineWriter(EVENTS)));
}

async function connect(asked: Asked, transport: StreamTransport, writer: SessionWriter): Promise<Response> {
  const refusal = await refuseAddress(asked);
  if (refusal) return refusal;
  const commands = await readFrame(asked);
  if (commands instanceof Response) return commands;
  if (lengthOf(commands) === 0) return httpError("no_commands");
  const refused = await refuseCommands(asked, writer.codec, commands);
  if (refused) {
    const { id, refusal } = refused;
    const said =
      refusal.kind === "disconnect" ? writer.end(refusal.disconnect) : writer.fail(id, refusal.error);
    // Not by its status: that would tell centrifuge-js that this transport is dead, and it would try the next one.
    return streamResponse(writer, new Blob([writer.opening, said]));
  }
  const socket = await openSocket(asked, { transport, encoding: writer === PROTOBUF ? "protobuf" : "json" });
  if (socket instanceof Response) return socket;
  const relay = relayOf(asked, socket, writer);
  socket.send(commands);
  return streamResponse(writer, relay.body);
}
