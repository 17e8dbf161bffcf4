import { type RoomKinds, shippedKinds } from "./shipped.ts";

/**
 * The room kinds by name, as in `/rooms/:kind/:room`. Add your own here. A deployed gateway has all of your own kinds,
 * and of those that ship the ones that `rooms.public` of the configuration names.
 */
export const roomKinds: RoomKinds = { ...shippedKinds };
