/** `poorwill/rooms`: the kinds that ship, and what a kind of one's own is made of. */
export { type Accepted, type AcceptOptions, accept } from "../rooms/accept.ts";
export { broadcast } from "../rooms/broadcast.ts";
export { echo } from "../rooms/echo.ts";
export type * from "../rooms/handler.ts";
export { hello } from "../rooms/hello.ts";
export type { RoomKinds } from "../rooms/shipped.ts";
