import type { RoomHandler } from "../../src/rooms/handler.ts";
import { shippedKinds } from "../../src/rooms/shipped.ts";

/** The kinds that ship, and what tests add: a test shares its isolate with the gateway. */
export const testKinds: Record<string, RoomHandler> = { ...shippedKinds };

/** Adds a kind for one test, and returns its name. */
export function addKind(handler: RoomHandler): string {
  const kind = `test-${crypto.randomUUID()}`;
  testKinds[kind] = handler;
  return kind;
}
