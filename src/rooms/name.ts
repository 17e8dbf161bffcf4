import { ROOM_LIMITS } from "../shared/limits.ts";

/** Whether a room may have this name. */
export function isRoomName(name: string): boolean {
  // Control characters are what the rule is about; lone surrogates have no UTF-8 form to name an object with, and URL
  // parsers take "." and ".." away, percent-encoded too.
  return (
    name !== "." &&
    name !== ".." &&
    name.length > 0 &&
    name.length <= ROOM_LIMITS.nameLength &&
    !/\p{Cc}/u.test(name) &&
    name.isWellFormed()
  );
}

/** The name of a room's Durable Object. A kind has no `/`, so two rooms never share one. */
export function objectName(kind: string, room: string): string {
  return `${kind}/${room}`;
}

/** The kind and the room that an object's name stands for. */
export function parseObjectName(name: string): { kind: string; room: string } {
  const slash = name.indexOf("/");
  return { kind: name.slice(0, slash), room: name.slice(slash + 1) };
}
