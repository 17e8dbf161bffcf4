import type { Context } from "hono";
import type { Env } from "../deployment/env.ts";
import type { RoomHandler } from "../rooms/handler.ts";
import { isRoomName, objectName } from "../rooms/name.ts";
import { isShipped, type RoomKinds } from "../rooms/shipped.ts";
import { httpError } from "../shared/http-error.ts";
import { asksForWebSocket } from "../websocket/handshake.ts";
import { asHandshake } from "../websocket/preflight.ts";
import { refuseAddress } from "./connection-rate.ts";
import { noteRefusal } from "./refusals.ts";
import { refuseOrigin, refuseUpgrade } from "./upgrade.ts";

/** `/rooms/:kind/:room`: a WebSocket into the room of that name; what asks for none is for the `request` of its kind. */
export function connectToRoom(
  context: Context<{ Bindings: Env }>,
  kinds: RoomKinds,
): Promise<Response> | Response {
  const [kind = "", ...rest] = new URL(context.req.url).pathname.split("/").slice(2).map(decodeSegment);
  const room = rest.join("/");
  if (!Object.hasOwn(kinds, kind)) return refuseKind(context, kind);
  if (rest.length > 1) return httpError("not_found");
  if (!isRoomName(room)) return httpError("bad_room_name");
  return connect(context, kinds[kind], kind, room);
}

/** `GET /ws`: a WebSocket into a room of kind `hello`, one for each visitor. */
export function connectToHello(
  context: Context<{ Bindings: Env }>,
  kinds: RoomKinds,
): Promise<Response> | Response {
  if (!Object.hasOwn(kinds, "hello")) return refuseKind(context, "hello");
  return connect(context, kinds.hello, "hello", crypto.randomUUID());
}

/** A kind that ships has an error of its own: the operator may have forgotten to make it public. */
function refuseKind({ req, env }: Context<{ Bindings: Env }>, kind: string): Response {
  const code = isShipped(kind) ? "kind_not_public" : "unknown_kind";
  noteRefusal(req.raw, env, code);
  return httpError(code);
}

async function connect(
  { req, env }: Context<{ Bindings: Env }>,
  handler: RoomHandler | undefined,
  kind: string,
  room: string,
): Promise<Response> {
  const request = asHandshake(req.raw);
  const isForHandler = handler?.request !== undefined && !asksForWebSocket(request.headers);
  const refusal = isForHandler ? refuseOrigin(request, env) : refuseUpgrade(request, env);
  return (
    refusal ??
    (await refuseAddress(request, env)) ??
    env.ROOM.getByName(objectName(kind, room)).fetch(request)
  );
}

/** A path segment, decoded; `""`, which no name may be, when its percent-encoding is broken. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "";
  }
}
