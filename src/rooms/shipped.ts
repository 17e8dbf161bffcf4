import { broadcast } from "./broadcast.ts";
import { echo } from "./echo.ts";
import type { RoomHandler } from "./handler.ts";
import { hello } from "./hello.ts";

/** The kinds that ship. They let anybody in, so a gateway has only those that it is given, or that `rooms.public` names. */
export const shippedKinds = { hello, echo, broadcast } as const satisfies Record<string, RoomHandler>;

export type RoomKinds = Readonly<Record<string, RoomHandler>>;

/** Which of the kinds that ship a deployed gateway has. */
export interface RoomsConfig {
  readonly public: readonly (keyof typeof shippedKinds)[];
}

/** Whether a kind is one of those that ship, public or not. */
export function isShipped(kind: string): kind is keyof typeof shippedKinds {
  return Object.hasOwn(shippedKinds, kind);
}

/** The kinds that a gateway has: those that it is given, and of those that ship the public ones. */
export function withPublicKinds(kinds: RoomKinds, { public: open }: RoomsConfig): RoomKinds {
  return { ...Object.fromEntries(open.map((kind) => [kind, shippedKinds[kind]])), ...kinds };
}
