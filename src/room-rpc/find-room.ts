import { isRoomName, objectName } from "../rooms/name.ts";
import type { RoomKinds } from "../rooms/shipped.ts";
import { ERRORS } from "../shared/codes.ts";
import type { FoundRoom, ReachedRoom } from "./ask.ts";
import { renewing } from "./renewing.ts";

/** What is used of the binding to the class of the rooms, whatever Worker has declared it. */
export interface RoomBinding {
  readonly ROOM: { getByName(name: string): { fetch(request: Request): Promise<Response> } };
}

/** Finds a room of one of the kinds that there are. Nothing is asked of it yet. */
export function findRoom({ ROOM }: RoomBinding, kinds: RoomKinds, kind: string, name: string): FoundRoom {
  if (!Object.hasOwn(kinds, kind)) return { errorCode: ERRORS.unknownChannel.code };
  if (!isRoomName(name)) return { errorCode: ERRORS.badRequest.code };
  return { room: renewing(() => ROOM.getByName(objectName(kind, name)) as unknown as ReachedRoom) };
}
