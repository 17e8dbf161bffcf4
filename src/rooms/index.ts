import type { RoomKinds } from "./shipped.ts";

/**
 * The room kinds of this gateway by name, as in `/rooms/:kind/:room`. Add your own here: they are there in every
 * environment. Of those that ship, a deployed gateway has the ones that `rooms.public` of the configuration names.
 */
export const roomKinds: RoomKinds = {};
