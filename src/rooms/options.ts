import { ROOM_LIMITS } from "../shared/limits.ts";
import { exceeds } from "../shared/payload-size.ts";
import type { Heartbeat, RoomHandler, RoomOptions } from "./handler.ts";

/** A kind's options with every default filled in. Times are in milliseconds. */
export interface ResolvedOptions extends Required<Omit<RoomOptions, "tickInterval" | "heartbeat">> {
  /** 0: the room does not tick. */
  readonly tickInterval: number;
  readonly heartbeat: Heartbeat | undefined;
}

/** Fills in the defaults, and throws for options that cannot work: when the gateway starts, not at the first message. */
export function resolveOptions(handler: RoomHandler): ResolvedOptions {
  const { tick, tickInterval = 0 } = handler;
  const options = {
    maxPayloadLength: handler.maxPayloadLength ?? ROOM_LIMITS.maxPayloadLength,
    backpressureLimit: handler.backpressureLimit ?? ROOM_LIMITS.backpressureLimit,
    closeOnBackpressureLimit: handler.closeOnBackpressureLimit ?? false,
    protocols: handler.protocols ?? [],
    rateLimit: handler.rateLimit ?? {
      perSecond: ROOM_LIMITS.messagesPerSecond,
      burst: ROOM_LIMITS.messageBurst,
    },
    byteRate: handler.byteRate ?? {
      perSecond: ROOM_LIMITS.bytesPerSecond,
      burst: Math.max(ROOM_LIMITS.byteBurst, handler.maxPayloadLength ?? 0),
    },
    maxSockets: handler.maxSockets ?? ROOM_LIMITS.sockets,
    idleTimeout: (handler.idleTimeout ?? 0) * 1000,
    tickInterval: tick ? tickInterval : 0,
    alarmsPerHour: handler.alarmsPerHour ?? ROOM_LIMITS.alarmsPerHour,
    maxRequestBody: handler.maxRequestBody ?? ROOM_LIMITS.requestBody,
    heartbeat: handler.heartbeat,
    stream: handler.stream ?? false,
  };
  if (!Array.isArray(options.protocols)) throw new RangeError("protocols must be a list");
  if (options.stream && options.idleTimeout > 0 && !options.heartbeat)
    throw new RangeError("stream with idleTimeout needs a heartbeat: who only listens sends nothing else");
  if (handler.heartbeat) checkHeartbeat(handler.heartbeat);
  checkNumber("maxPayloadLength", options.maxPayloadLength, 0);
  checkNumber("backpressureLimit", options.backpressureLimit, 1);
  checkNumber("rateLimit.perSecond", options.rateLimit.perSecond, 0);
  checkNumber("rateLimit.burst", options.rateLimit.burst, 1);
  checkNumber("byteRate.perSecond", options.byteRate.perSecond, 0);
  checkNumber("byteRate.burst", options.byteRate.burst, options.maxPayloadLength);
  checkNumber("maxSockets", options.maxSockets, 1);
  checkNumber("idleTimeout", options.idleTimeout, 0);
  checkNumber("alarmsPerHour", options.alarmsPerHour, 1);
  checkNumber("maxRequestBody", options.maxRequestBody, 0);
  if (tick) checkNumber("tickInterval", tickInterval, ROOM_LIMITS.minTickInterval);
  if (!Number.isInteger(tickInterval)) throw new RangeError("tickInterval must be a whole number");
  return options;
}

function checkNumber(option: string, value: number, least: number): void {
  if (!Number.isFinite(value) || value < least) {
    throw new RangeError(`${option} must be a number, and at least ${least}`);
  }
}

function checkHeartbeat(heartbeat: Heartbeat): void {
  const { heartbeatSize } = ROOM_LIMITS;
  for (const name of ["request", "response"] as const) {
    const text: unknown = heartbeat[name];
    if (typeof text !== "string" || text.length === 0 || exceeds(heartbeatSize, text) || !text.isWellFormed())
      throw new RangeError(`heartbeat.${name} must be a text of 1 to ${heartbeatSize} bytes`);
  }
}

/** The first subprotocol that the client offers and the kind speaks, `""` for none. */
export function chooseProtocol(offered: string | null, spoken: readonly string[]): string {
  const offers = (offered ?? "").split(",").map((protocol) => protocol.trim());
  return offers.find((protocol) => spoken.includes(protocol)) ?? "";
}
