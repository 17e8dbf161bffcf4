import { isSessionOf } from "../auth/stream-sessions.ts";
import { homeRegion } from "../channels/placement.ts";
import { hubNamed } from "../deployment/hub-named.ts";
import { sessionKeyOf } from "../deployment/session-key.ts";
import type { Bytes } from "../protocol/messages.ts";
import { decodeEmulation } from "../protocol/protobuf/emulation.ts";
import { httpError } from "../shared/http-error.ts";
import { exceeds, type Message, messageOf } from "../shared/payload-size.ts";
import { type Asked, noteRefusal } from "./asked.ts";
import { refuseAddress } from "./connection-rate.ts";
import { answerPages } from "./cors.ts";
import { isBinary, readWithin } from "./message-body.ts";

/** Commands of a client over HTTP, and the session that they are for. */
interface Emulation {
  readonly session: string;
  /** The hub that holds it. */
  readonly node: string;
  readonly data: Message;
}

/** Bytes of the body besides its data. */
const ENVELOPE = 1_024;

/**
 * `POST /emulation`: further commands of a session over HTTP. They are answered in its stream; here only whether the
 * session is there.
 */
export function emulate(asked: Asked): Promise<Response> {
  return answerPages(asked, ["POST"], () => passOn(asked));
}

async function passOn(asked: Asked): Promise<Response> {
  const refusal = await refuseAddress(asked);
  if (refusal) return refusal;
  const { request, env, gateway } = asked;
  const { config } = gateway;
  const { messageSizeLimit } = config.connection;
  // The data is text within JSON: what is quoted there takes two characters.
  const body = await readWithin(request, 2 * messageSizeLimit + ENVELOPE);
  if (body === undefined) return httpError("message_too_large");
  const emulation = isBinary(request) ? parseBinary(body) : parse(body);
  if (emulation === undefined) return httpError("bad_emulation");
  const { session, node, data } = emulation;
  if (exceeds(messageSizeLimit, data)) return httpError("message_too_large");
  const isGenuine = await isSessionOf(await sessionKeyOf(env, config), session, node);
  // A hub is named for a genuine session only: what others make up costs nothing more.
  const hub = isGenuine ? hubNamed(env, node, homeRegion(node, config.namespaces)) : undefined;
  if (await hub?.emulate(session, data)) return new Response(null, { status: 204 });
  noteRefusal(asked, "unknown_session");
  return httpError("unknown_session");
}

function parseBinary(body: Uint8Array<ArrayBuffer>): Emulation | undefined {
  const read = decodeEmulation(body);
  return read && { session: read.session, node: read.node, data: messageOf(read.data as Bytes) };
}

function parse(body: Uint8Array): Emulation | undefined {
  try {
    const { session, node, data } = JSON.parse(new TextDecoder().decode(body)) as Readonly<
      Record<string, unknown>
    >;
    return typeof session === "string" && typeof node === "string" && typeof data === "string"
      ? { session, node, data }
      : undefined;
  } catch {
    return undefined;
  }
}
