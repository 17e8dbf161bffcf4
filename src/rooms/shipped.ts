import { broadcast } from "./broadcast.ts";
import { echo } from "./echo.ts";
import type { RoomHandler } from "./handler.ts";
import { hello } from "./hello.ts";

/** The kinds that ship. They let anybody in, so a deployed gateway has only those that `rooms.public` names. */
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

/** The kinds that a gateway has: all of its own, and of those that ship the public ones. In development, all. */
export function availableKinds(
  kinds: RoomKinds,
  { public: open }: RoomsConfig,
  { ENVIRONMENT }: { readonly ENVIRONMENT?: string },
): RoomKinds {
  if (ENVIRONMENT === "development") return kinds;
  const available = Object.entries(kinds).filter(
    ([kind, handler]) => !isShipped(kind) || shippedKinds[kind] !== handler || open.includes(kind),
  );
  return Object.fromEntries(available);
}
