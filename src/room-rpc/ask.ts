import { ERRORS } from "../shared/codes.ts";
import { ROOM_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import { exceeds } from "../shared/payload-size.ts";
import { withTimeout } from "../shared/timeout.ts";
import type { RoomAnswer, RoomCommand, RoomRpc } from "./commands.ts";

/** A room that can be asked. */
export interface ReachedRoom extends RoomRpc {
  fetch(request: Request): Promise<Response>;
}

/** A room, or the code of the error why there is none. */
export type FoundRoom = { readonly room: ReachedRoom } | { readonly errorCode: number };

/** Asks a room. Never rejects: one that fails, or does not answer within `ROOM_LIMITS.callTime`, is error 100. */
export async function askRoom(found: FoundRoom, command: RoomCommand): Promise<RoomAnswer> {
  if ("errorCode" in found) return found;
  if (!isSound(command)) return { errorCode: ERRORS.badRequest.code };
  try {
    return await withTimeout(found.room.ask(command), ROOM_LIMITS.callTime);
  } catch (failure) {
    logFailure("room.not_reached", failure, { asked: command.kind });
    return { errorCode: ERRORS.internal.code };
  }
}

/** Whether what a command carries is of its kind, and no longer than it may be. */
function isSound(command: RoomCommand): boolean {
  if (command.kind === "call") return !exceeds(ROOM_LIMITS.callSize, command.parameters);
  return command.kind !== "publish" || isPublication(command.message);
}

function isPublication(message: unknown): boolean {
  if (typeof message !== "string" && !(message instanceof ArrayBuffer)) return false;
  return !exceeds(ROOM_LIMITS.maxPayloadLength, message);
}
