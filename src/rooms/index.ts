import { type RoomKinds, shippedKinds } from "./shipped.ts";

/**
 * The room kinds by name, as in `/rooms/:kind/:room`. Add your own here: they are there on a deployed gateway, those that
 * ship only where `rooms.public` of the configuration names them.
 */
export const roomKinds: RoomKinds = { ...shippedKinds };
