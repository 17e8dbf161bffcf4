import { bidirectionalWriter } from "../protocol/http/bidirectional.ts";
import type { StreamTransport } from "../protocol/http/transports.ts";
import { EVENTS, type LineFormat, NDJSON, type StreamWriter } from "../protocol/http/writer.ts";
import { jsonCodec } from "../protocol/json/codec.ts";
import { httpError } from "../shared/http-error.ts";
import type { Asked } from "./asked.ts";
import { refuseAddress } from "./connection-rate.ts";
import { answerPages } from "./cors.ts";
import { type RefusedConnect, refuseCommands } from "./first-commands.ts";
import { readMessage } from "./message-body.ts";
import { openSocket, relayOf, streamResponse } from "./stream-opening.ts";

/** `POST /connection/http_stream`: a session of the channel protocol whose frames are lines of the response. */
export function connectByHttpStream(asked: Asked): Promise<Response> {
  return answerPages(asked, ["POST"], () => connect(asked, "http_stream", NDJSON));
}

/** `/connection/sse`: the same as Server-Sent Events. The first commands are `cf_connect` of a GET, or the body of a POST. */
export function connectBySse(asked: Asked): Promise<Response> {
  return answerPages(asked, ["GET", "POST"], () => connect(asked, "sse", EVENTS));
}

async function connect(asked: Asked, transport: StreamTransport, format: LineFormat): Promise<Response> {
  const refusal = await refuseAddress(asked);
  if (refusal) return refusal;
  const commands = await readMessage(asked);
  if (commands instanceof Response) return commands;
  if (commands === "") return httpError("no_commands");
  const writer = bidirectionalWriter(format);
  const refused = await refuseCommands(asked, commands);
  // Not by its status: that would tell centrifuge-js that this transport is dead, and it would try the next one.
  if (refused) return streamResponse(writer, writer.opening + refusedText(refused, format, writer));
  const socket = await openSocket(asked, transport);
  if (socket instanceof Response) return socket;
  const relay = relayOf(asked, socket, writer);
  socket.send(commands);
  return streamResponse(writer, relay.body);
}

function refusedText({ id, refusal }: RefusedConnect, format: LineFormat, writer: StreamWriter): string {
  return refusal.kind === "disconnect"
    ? writer.end(refusal.disconnect)
    : format.lines(jsonCodec.encodeError(id, refusal.error));
}
