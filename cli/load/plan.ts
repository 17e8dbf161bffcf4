import { isThisMachine } from "../deployment/address.ts";

export const TRANSPORTS = ["websocket", "http_stream", "sse"] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** A load, as it was asked for. Times are in seconds. */
export interface LoadPlan {
  readonly connections: number;
  /** How many channels each connection subscribes to. */
  readonly subscriptions: number;
  /** How many channels there are. */
  readonly channels: number;
  /** Publications a second, over all channels. */
  readonly rate: number;
  /** Bytes of the data of a publication. */
  readonly size: number;
  readonly transport: Transport;
  /** Time in which the connections are opened, evenly. */
  readonly ramp: number;
  /** Time for which is published, after the ramp. */
  readonly duration: number;
  readonly namespace: string;
  /** Whether each connection goes to the home of its first channel, not to a hub of its region. */
  readonly atHome: boolean;
  /** `kind/name` of a room that the connections open, instead of channels. */
  readonly room?: string | undefined;
}

/** Connections to another machine up to which nobody is asked. */
const UNASKED_CONNECTIONS = 1000;

export function needsConsent({ connections }: LoadPlan, url: string): boolean {
  return connections > UNASKED_CONNECTIONS && !isThisMachine(new URL(url));
}

/** The room, or names that no other run has: whatever comes in these channels is of this run. */
export function channelNames({ channels, namespace, room }: LoadPlan, run: string): string[] {
  if (room !== undefined) return [room];
  const start = namespace === "" ? "" : `${namespace}:`;
  return Array.from({ length: channels }, (_, index) => `${start}load-${run}-${index}`);
}

/** The channels of one connection: all channels get as many subscribers, as far as that goes. */
export function channelsOf({ subscriptions, channels }: LoadPlan, connection: number): number[] {
  return Array.from({ length: subscriptions }, (_, index) => (connection * subscriptions + index) % channels);
}

/** How many of `count` things are due when `elapsed` of `total` seconds are over. */
export function dueAfter(elapsed: number, total: number, count: number): number {
  return elapsed >= total ? count : Math.floor((elapsed / total) * count);
}

/** What a publication says of itself. */
export interface Stamp {
  /** Its number among those of its channel, from 1 on. */
  readonly n: number;
  /** When it was sent, in milliseconds of this process. */
  readonly t: number;
}

/** The data of a publication, filled up to the size that is wanted. */
export function stamped(stamp: Stamp, size: number): string {
  const bare = JSON.stringify({ ...stamp, fill: "" });
  return bare.replace('""', () => `"${"x".repeat(Math.max(0, size - bare.length))}"`);
}

/** Undefined for what is no publication of a load. */
export function readStamp(data: unknown): Stamp | undefined {
  if (typeof data !== "object" || data === null || !("n" in data) || !("t" in data)) return undefined;
  const { n, t } = data;
  return typeof n === "number" && typeof t === "number" ? { n, t } : undefined;
}
