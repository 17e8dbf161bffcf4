import { HUB_LIMITS } from "../shared/limits.ts";
import type { HubSettings } from "./platform.ts";
import type { Wiring } from "./wiring.ts";

/** Whether a hub takes newcomers: they may not take the places of those who are known. */
export interface Standing {
  /** Whether a newcomer is to try another hub. */
  readonly isFull: boolean;
  /** Whether that is because its flushes are late. */
  readonly isLate: boolean;
}

/** How a hub stands whose platform holds so many connections, closing ones among them. */
export function standingOf(
  { sessions, memory, outbox }: Pick<Wiring, "sessions" | "memory" | "outbox">,
  held: number,
  { capacity, heldConnections, flushLag }: Omit<HubSettings, "wireVersions">,
): Standing {
  const isLate = outbox.lag > flushLag;
  const isFull =
    sessions.size >= capacity ||
    held >= heldConnections ||
    sessions.unconnected >= HUB_LIMITS.unconnectedSockets ||
    !memory.takesNewcomers ||
    isLate;
  return { isFull, isLate };
}
