import type { Json } from "../protocol/messages.ts";
import type { CallsOf, ParametersOf, ResultOf } from "../rooms/calls.ts";
import type { Payload, RoomHandler } from "../rooms/handler.ts";
import type { RoomKinds } from "../rooms/shipped.ts";
import type { SocketPage } from "../rooms/socket-page.ts";
import { ERRORS, errorOf } from "../shared/codes.ts";
import { ROOM_LIMITS } from "../shared/limits.ts";
import { messageOf } from "../shared/payload-size.ts";
import { askRoom, type FoundRoom } from "./ask.ts";
import type { RoomCommand } from "./commands.ts";
import { findRoom, type RoomBinding } from "./find-room.ts";

/** Why a room did not do what it was asked: a code of the server API, such as 104 for a call that its kind does not have. */
export class RoomError extends Error {
  readonly code: number;

  constructor(code: number) {
    super(errorOf(code).message);
    this.name = "RoomError";
    this.code = code;
  }
}

/** Which sockets are listed, and how. */
export interface ListOptions {
  /** `next` of the page before. */
  readonly after?: string;
  /** Sockets in a page, 100 by default, at most 1,000. A page may have fewer, and still be followed by another. */
  readonly limit?: number;
  /** Whether the `data` of the sockets is listed too. */
  readonly data?: boolean;
}

/**
 * A room, for the rest of the application. Asking wakes it. Every method but `fetch` rejects with a {@link RoomError} when
 * the room cannot do it, and after 5 seconds at most: with code 100 when it failed or did not answer, and may have done it.
 */
export class RoomStub<Handler extends RoomHandler = RoomHandler> {
  readonly #found: FoundRoom;

  constructor(found: FoundRoom) {
    this.#found = found;
  }

  /** Sends to every subscriber of a topic of the room. Returns how many sockets it was sent to. */
  async publish(topic: string, message: Payload): Promise<number> {
    const { reached } = await this.#ask<{ reached: number }>({
      kind: "publish",
      topic,
      message: messageOf(message),
    });
    return reached;
  }

  /** Lists the open sockets, page by page. */
  sockets({
    after = "",
    limit = ROOM_LIMITS.socketPage,
    data = false,
  }: ListOptions = {}): Promise<SocketPage> {
    return this.#ask({ kind: "sockets", after, limit, withData: data });
  }

  /**
   * Closes every open socket, by default with 1000. Returns how many there were.
   * @param code 1000, or 3000 to 4999.
   * @param reason At most 123 bytes.
   */
  async close(code = 1000, reason = ""): Promise<number> {
    const { closed } = await this.#ask<{ closed: number }>({ kind: "close", code, reason });
    return closed;
  }

  /**
   * Calls a function of `calls` of the kind. Its arguments and its result travel as JSON, at most 256 KiB of each.
   * @throws RoomError 104 when there is no such call, 107 when the arguments are too large or cannot be JSON, 106 when the
   * result is too large, 100 when the function throws.
   */
  async call<Name extends string & keyof CallsOf<Handler>>(
    name: Name,
    ...parameters: ParametersOf<CallsOf<Handler>[Name]>
  ): Promise<ResultOf<CallsOf<Handler>[Name]>> {
    const command = { kind: "call", name, parameters: writeParameters(parameters) } as const;
    const { value } = await this.#ask<{ value: ResultOf<CallsOf<Handler>[Name]> }>(command);
    return value;
  }

  /** Passes a request on to the room: one for a WebSocket, or one for the `request` of its kind. Nothing is checked. */
  fetch(request: Request): Promise<Response> {
    if ("errorCode" in this.#found) return Promise.reject(new RoomError(this.#found.errorCode));
    return this.#found.room.fetch(request);
  }

  async #ask<Result>(command: RoomCommand): Promise<Result> {
    const answer = await askRoom(this.#found, command);
    if ("errorCode" in answer) throw new RoomError(answer.errorCode);
    return JSON.parse(answer.result) as Result;
  }
}

function writeParameters(parameters: readonly unknown[]): Json {
  try {
    return JSON.stringify(parameters);
  } catch {
    // Cyclic, a BigInt, or longer than any text.
    throw new RoomError(ERRORS.badRequest.code);
  }
}

/**
 * A room, to be reached from a Worker. It needs a binding to the class of the rooms, which may be another Worker's.
 *
 * @param kinds The room kinds by name, those of the gateway.
 * @example
 * // wrangler.toml of another Worker: [[durable_objects.bindings]] name = "ROOM", class_name = "Room", script_name = "poorwill"
 * await roomOf(env, { chat }, "chat", "lobby").call("kick", id);
 */
export function roomOf<Kinds extends RoomKinds, Kind extends string & keyof Kinds>(
  env: RoomBinding,
  kinds: Kinds,
  kind: Kind,
  name: string,
): RoomStub<Kinds[Kind]> {
  return new RoomStub(findRoom(env, kinds, kind, name));
}
