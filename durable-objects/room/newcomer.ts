import { Accepted, accept } from "../../src/rooms/accept.ts";
import type { Attachment } from "../../src/rooms/attachment.ts";
import { chooseProtocol } from "../../src/rooms/options.ts";
import { httpError } from "../../src/shared/http-error.ts";
import { logFailure } from "../../src/shared/log.ts";
import { traceOf } from "../../src/shared/trace-context.ts";
import type { RoomScheduler } from "./scheduler.ts";
import type { RoomSockets } from "./sockets.ts";

/** A connection that may be accepted and is not accepted yet. */
export interface Newcomer {
  readonly client: WebSocket;
  readonly server: WebSocket;
  readonly protocol: string;
  readonly headers: Headers;
  readonly tags: readonly string[];
}

/**
 * Makes the checks that follow the decision of `upgrade`, and prepares the connection.
 *
 * @throws RangeError for a subprotocol of `upgrade` that the client does not offer.
 */
export function prepareNewcomer(
  { sockets, scheduler }: { readonly sockets: RoomSockets; readonly scheduler: RoomScheduler },
  request: Request,
  decision: unknown,
): Newcomer | Response {
  const {
    data,
    headers,
    protocol: chosen,
    tags,
  } = decision instanceof Accepted ? decision : accept(decision);
  const protocol = chooseProtocol(
    request.headers.get("Sec-WebSocket-Protocol"),
    chosen === undefined ? sockets.options.protocols : [chosen],
  );
  if (chosen !== undefined && protocol !== chosen)
    throw new RangeError("upgrade chose a subprotocol that the client does not offer");
  const now = Date.now();
  const { tickInterval, idleTimeout } = sockets.options;
  const attachment: Attachment = {
    version: 1,
    id: crypto.randomUUID(),
    data,
    topics: [],
    protocol,
    remoteAddress: request.headers.get("CF-Connecting-IP") ?? "",
    seen: now,
    ...(tickInterval > 0 && idleTimeout === 0 && { isSilent: true }),
    tickOrigin: scheduler.tickOrigin ?? now,
    trace: traceOf(request.headers),
  };
  const { 0: client, 1: server } = new WebSocketPair();
  try {
    server.serializeAttachment(attachment);
  } catch (failure) {
    logFailure("room.data_too_large", failure, { kind: sockets.kind });
    return httpError("data_too_large");
  }
  return { client, server, protocol, headers, tags };
}
