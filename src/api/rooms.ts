import { askRoom, type FoundRoom } from "../room-rpc/ask.ts";
import type { RoomCommand } from "../room-rpc/commands.ts";
import type { Message } from "../rooms/handler.ts";
import { objectName } from "../rooms/name.ts";
import type { SocketPage } from "../rooms/socket-page.ts";
import { errorOf } from "../shared/codes.ts";
import { bytesOfBase64 } from "../shared/encodings.ts";
import { API_LIMITS } from "../shared/limits.ts";
import { badRequest, failed, type Outcome } from "./errors.ts";
import type { ReadRequest } from "./schemas.ts";

/** The methods that are about a room. */
export type RoomMethod = "room_publish" | "room_sockets" | "room_close" | "room_call";

type RoomRequest = ReadRequest<RoomMethod>;

/** Asks rooms for the commands of one request. */
export class RoomCalls {
  readonly #find: (kind: string, name: string) => FoundRoom;
  /** The runtime keeps the order of calls on one stub. */
  readonly #found = new Map<string, FoundRoom>();
  #answers = 0;

  constructor(find: (kind: string, name: string) => FoundRoom) {
    this.#find = find;
  }

  async publish(request: ReadRequest<"room_publish">): Promise<Outcome> {
    const message = messageOf(request);
    if (message === undefined) return badRequest("data: expected a text, or b64data");
    return this.#ask(request, { kind: "publish", topic: request.topic, message });
  }

  async sockets(request: ReadRequest<"room_sockets">): Promise<Outcome> {
    const { after, limit, data: withData } = request;
    const answer = await this.#question(request, { kind: "sockets", after, limit, withData });
    return "result" in answer ? { result: renamed(answer.result) } : answer;
  }

  close(request: ReadRequest<"room_close">): Promise<Outcome> {
    return this.#ask(request, { kind: "close", code: request.code, reason: request.reason });
  }

  call(request: ReadRequest<"room_call">): Promise<Outcome> {
    const { name, arguments: parameters = "[]" } = request;
    return this.#question(request, { kind: "call", name, parameters });
  }

  /** Asks for what may be long: a batch of such answers would not fit in memory. */
  async #question(request: RoomRequest, command: RoomCommand): Promise<Outcome> {
    this.#answers += 1;
    if (this.#answers > API_LIMITS.roomAnswers)
      return badRequest(`expected at most ${API_LIMITS.roomAnswers} of room_sockets and room_call`);
    return this.#ask(request, command);
  }

  async #ask({ kind, room }: RoomRequest, command: RoomCommand): Promise<Outcome> {
    const name = objectName(kind, room);
    const found = this.#found.get(name) ?? this.#find(kind, room);
    this.#found.set(name, found);
    const answer = await askRoom(found, command);
    return "errorCode" in answer ? failed(errorOf(answer.errorCode)) : answer;
  }
}

function messageOf({ data, b64data }: ReadRequest<"room_publish">): Message | undefined {
  return typeof b64data === "string" ? bytesOfBase64(b64data).buffer : (data ?? undefined);
}

/** A page with the names of its members as the server API has them. */
function renamed(page: string): string {
  const { sockets, ...rest } = JSON.parse(page) as SocketPage;
  const listed = sockets.map(({ remoteAddress, ...socket }) => ({
    ...socket,
    remote_address: remoteAddress,
  }));
  return JSON.stringify({ sockets: listed, ...rest });
}
