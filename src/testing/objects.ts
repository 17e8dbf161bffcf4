import { env } from "cloudflare:workers";
import { objectName } from "../rooms/name.ts";

/** A room, by its path such as `/rooms/chat/lobby`, or any object of the Worker, by its stub. */
export type RoomOrObject = string | DurableObjectStub;

const ROOM_PATH = /\/rooms\/([^/?]+)\/([^/?]+)/;

/** @throws Error for what is not the path of a room, or where no binding is called ROOM. */
export function stubOf(room: RoomOrObject): DurableObjectStub {
  if (typeof room !== "string") return room;
  const [, kind, name] = ROOM_PATH.exec(room) ?? [];
  if (kind === undefined || name === undefined)
    throw new Error(`${room} is not the path of a room: /rooms/:kind/:room`);
  const { ROOM } = env as unknown as { readonly ROOM?: DurableObjectNamespace };
  if (ROOM === undefined)
    throw new Error("no binding is called ROOM: give the stub of the room instead of its path");
  return ROOM.getByName(objectName(kind, decodeURIComponent(name)));
}

export function nameOf(room: RoomOrObject): string {
  return typeof room === "string" ? room : (room.name ?? room.id.toString());
}
