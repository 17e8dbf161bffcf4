import { ROOM_LIMITS } from "../limits.ts";
import type { RoomHandler, RoomOptions } from "./handler.ts";

/** A kind's options with every default filled in. Times are in milliseconds. */
export interface ResolvedOptions extends Required<Omit<RoomOptions, "tickInterval">> {
  /** 0: the room does not tick. */
  readonly tickInterval: number;
}

/** Fills in the defaults, and throws for options that cannot work: at the first connection, not at the first message. */
export function resolveOptions(handler: RoomHandler): ResolvedOptions {
  const { tick, tickInterval = 0, idleTimeout = 0 } = handler;
  if (tick && !(tickInterval >= ROOM_LIMITS.minTickInterval)) {
    throw new RangeError(`tick needs a tickInterval of at least ${ROOM_LIMITS.minTickInterval} milliseconds`);
  }
  if (!(idleTimeout >= 0)) throw new RangeError("idleTimeout must not be negative");
  return {
    maxPayloadLength: handler.maxPayloadLength ?? ROOM_LIMITS.maxPayloadLength,
    backpressureLimit: handler.backpressureLimit ?? ROOM_LIMITS.backpressureLimit,
    closeOnBackpressureLimit: handler.closeOnBackpressureLimit ?? false,
    protocols: handler.protocols ?? [],
    rateLimit: handler.rateLimit ?? {
      perSecond: ROOM_LIMITS.messagesPerSecond,
      burst: ROOM_LIMITS.messageBurst,
    },
    maxSockets: handler.maxSockets ?? ROOM_LIMITS.sockets,
    idleTimeout: idleTimeout * 1000,
    tickInterval: tick ? tickInterval : 0,
  };
}

/** The first subprotocol that the client offers and the kind speaks, `""` for none. */
export function chooseProtocol(offered: string | null, spoken: readonly string[]): string {
  const offers = (offered ?? "").split(",").map((protocol) => protocol.trim());
  return offers.find((protocol) => spoken.includes(protocol)) ?? "";
}
