import { env } from "cloudflare:workers";
import { lineWriter, PROTOBUF } from "../../../src/protocol/http/bidirectional.ts";
import { streamHandshake } from "../../../src/protocol/http/transports.ts";
import { NDJSON } from "../../../src/protocol/http/writer.ts";
import type { Bytes } from "../../../src/protocol/messages.ts";
import { decodeEmulation } from "../../../src/protocol/protobuf/emulation.ts";
import { Relay } from "../../../src/relay/relay.ts";
import { Relays } from "../../../src/relay/relays.ts";
import { messageOf } from "../../../src/shared/payload-size.ts";
import { type ClientEnd, channelRequest } from "../../support/hub-client.ts";
import { ProtobufEnd } from "../../support/protobuf-end.ts";
import { StreamEnd } from "../../support/stream-end.ts";
import { protobufFraming, textFraming } from "../../support/stream-framing.ts";

const ROOMY = 100_000_000;
const relays = new Relays();

/** What a client is spoken to by, and in what. */
export const KINDS = ["JSON", "Protobuf", "JSON stream", "JSON", "Protobuf", "Protobuf stream"] as const;

export type Kind = (typeof KINDS)[number];

/** Connects to one hub. Whatever is spoken, commands, replies and pushes are JSON lines. Undefined: it is full. */
export async function connectEnd(kind: Kind, hub: string): Promise<ClientEnd | undefined> {
  if (kind === "JSON stream") return new StreamEnd(streamAt(hub, "json"), undefined, textFraming());
  if (kind === "Protobuf stream")
    return new StreamEnd(streamAt(hub, "protobuf"), undefined, protobufFraming());
  const query = kind === "Protobuf" ? "?format=protobuf" : "";
  const { webSocket } = await env.HUB.getByName(hub).fetch(channelRequest(query));
  if (webSocket === null) return undefined;
  webSocket.binaryType = "arraybuffer";
  webSocket.accept();
  return kind === "Protobuf" ? new ProtobufEnd(webSocket) : webSocket;
}

/** Answers a client over HTTP as the routes do, with a stream of the hub that a seed has chosen. */
function streamAt(name: string, encoding: "json" | "protobuf") {
  const hub = env.HUB.getByName(name);
  const session = crypto.randomUUID();
  const open = async (commands: string | ArrayBuffer) => {
    const handshake = streamHandshake({ transport: "http_stream", session }, encoding, {});
    const { webSocket } = await hub.fetch(handshake);
    if (webSocket === null) return new Response(null, { status: 503 });
    const writer = encoding === "json" ? lineWriter(NDJSON) : PROTOBUF;
    const relay = new Relay(webSocket, {
      ...{ writer, relays, queueSize: ROOMY, mostWaiting: ROOMY, silence: undefined },
    });
    webSocket.send(commands);
    return new Response(relay.body);
  };
  const post = async (data: string | ArrayBuffer) =>
    new Response(null, { status: (await hub.emulate(session, data)) ? 204 : 404 });
  return async (path: string, { body }: RequestInit): Promise<Response> => {
    if (path !== "/emulation") return open(body as string | ArrayBuffer);
    if (typeof body === "string") return post((JSON.parse(body) as { data: string }).data);
    return post(messageOf(decodeEmulation(body as Bytes)?.data as Bytes));
  };
}
