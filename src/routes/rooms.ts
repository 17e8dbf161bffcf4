import type { RoomHandler } from "../rooms/handler.ts";
import { isRoomName, objectName } from "../rooms/name.ts";
import { isShipped } from "../rooms/shipped.ts";
import { httpError } from "../shared/http-error.ts";
import { asksForWebSocket } from "../websocket/handshake.ts";
import { asHandshake } from "../websocket/preflight.ts";
import { type Asked, noteRefusal } from "./asked.ts";
import { refusedOverBudget, refuseOverBudget } from "./budget.ts";
import { refuseAddress } from "./connection-rate.ts";
import { isForStream, listenToRoom } from "./room-stream.ts";
import { refuseOrigin, refuseUpgrade } from "./upgrade.ts";

/**
 * `/rooms/:kind/:room`: a WebSocket into the room of that name; what asks for none is a stream where its kind has them and
 * the request accepts one, or else for the `request` of its kind.
 */
export function connectToRoom(asked: Asked): Promise<Response> | Response {
  const { kinds } = asked.gateway;
  const [kind = "", ...rest] = asked.path.split("/").slice(2).map(decodeSegment);
  const room = rest.join("/");
  if (!Object.hasOwn(kinds, kind)) return refuseKind(asked, kind);
  if (rest.length > 1) return httpError("not_found");
  if (!isRoomName(room)) return httpError("bad_room_name");
  return connect(asked, kinds[kind], kind, room);
}

/** `GET /ws`: a WebSocket into a room of kind `hello`, one for each visitor. */
export function connectToHello(asked: Asked): Promise<Response> | Response {
  const { kinds } = asked.gateway;
  if (!Object.hasOwn(kinds, "hello")) return refuseKind(asked, "hello");
  return connect(asked, kinds.hello, "hello", crypto.randomUUID());
}

/** A kind that ships has an error of its own: the operator may have forgotten to make it public. */
function refuseKind(asked: Asked, kind: string): Response {
  const code = isShipped(kind) ? "kind_not_public" : "unknown_kind";
  noteRefusal(asked, code);
  return httpError(code);
}

async function connect(
  asked: Asked,
  handler: RoomHandler | undefined,
  kind: string,
  room: string,
): Promise<Response> {
  if (handler && isForStream(handler, asked.request))
    return listenToRoom(asked, handler, objectName(kind, room));
  const request = asHandshake(asked.request);
  const opening = { ...asked, request };
  const isForHandler = handler?.request !== undefined && !asksForWebSocket(request.headers);
  const refusal = isForHandler ? refuseOrigin(opening) : refuseUpgrade(opening);
  const refused =
    refusal ?? (isForHandler ? undefined : refuseOverBudget(opening)) ?? (await refuseAddress(opening));
  if (refused) return refused;
  const response = await asked.env.ROOM.getByName(objectName(kind, room)).fetch(request);
  return (isForHandler ? undefined : refusedOverBudget(opening, response)) ?? response;
}

/** A path segment, decoded; `""`, which no name may be, when its percent-encoding is broken. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "";
  }
}
