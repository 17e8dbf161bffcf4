import type { RoomHandler } from "../../src/rooms/handler.ts";
import { httpError } from "../../src/shared/http-error.ts";
import { logFailure } from "../../src/shared/log.ts";
import { traceIdOf, traceOf } from "../../src/shared/trace-context.ts";
import { refuseNonUpgrade } from "../../src/websocket/handshake.ts";
import type { Context } from "./context.ts";
import type { RoomEvents } from "./events.ts";

/** What answers the requests of a room. */
interface Answering {
  readonly handler: RoomHandler;
  readonly context: Context;
  readonly events: RoomEvents;
  /** Bytes that a body may have. */
  readonly bodyLimit: number;
}

/** Answers a request that asks for no WebSocket, by the `request` of the kind. */
export async function answerRequest(
  { handler, context, events, bodyLimit }: Answering,
  request: Request,
): Promise<Response> {
  const answer = handler.request?.bind(handler);
  if (answer === undefined) return refuseNonUpgrade(request);
  if (Number(request.headers.get("Content-Length") ?? 0) > bodyLimit) return httpError("body_too_large");
  const body = new LimitedBody(bodyLimit);
  // Within the call of the kind: a client that sends too much is no failure of the kind.
  const answerWithin = async () => {
    try {
      const response = await answer(body.limit(request), context);
      if (response instanceof Response) return response;
      throw new TypeError("request returned no Response");
    } catch (failure) {
      if (body.isTooLarge) return httpError("body_too_large");
      throw failure;
    }
  };
  try {
    return await events.ofRoom(answerWithin);
  } catch (failure) {
    logFailure("room.request_failed", failure, {
      kind: context.kind,
      trace: traceIdOf(traceOf(request.headers)),
    });
    return httpError("internal");
  }
}

/** A body that fails for its reader once it is longer than it may be. */
class LimitedBody {
  readonly #limit: number;
  isTooLarge = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  limit(request: Request): Request {
    // The runtime sees to it that a body is as long as its header says.
    if (request.body === null || request.headers.has("Content-Length")) return request;
    let size = 0;
    const counter = new TransformStream<Uint8Array, Uint8Array>({
      transform: (bytes, controller) => {
        size += bytes.byteLength;
        this.isTooLarge = size > this.#limit;
        if (this.isTooLarge) controller.error(new Error("the body is too large"));
        else controller.enqueue(bytes);
      },
    });
    return new Request(request, { body: request.body.pipeThrough(counter) });
  }
}
