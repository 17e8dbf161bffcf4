import type { BackendEvent } from "../channels/backend-event.ts";
import type { Occupancy } from "../hub-rpc/messages.ts";

export interface RosterEntry {
  readonly client: string;
  /** "" is the connection itself. */
  readonly channel: string;
  readonly user: string;
  readonly sequence: number;
}

/** Events that wait, the oldest first. */
export interface WaitingEvents {
  readonly ids: readonly number[];
  readonly events: readonly BackendEvent[];
  readonly attempts: number;
  /** When to try, in milliseconds. */
  readonly due: number;
}

/**
 * Where a hub keeps events until they are delivered, and the roster with which it finds events that a crash has lost.
 */
export interface EventStore {
  /** Runs `work` as one transaction: all of it is stored, or nothing. Everything that adds or sets runs in one. */
  transaction(work: () => void): void;
  append(events: readonly BackendEvent[], time: number): void;
  /** As many waiting events as go into one delivery. */
  waiting(): WaitingEvents | undefined;
  delivered(ids: readonly number[]): void;
  /** Notes a delivery that failed. */
  postpone(ids: readonly number[], attempts: number, due: number): void;
  /** Drops events that are too old, and the oldest of too many. Returns how many. */
  dropSurplus(now: number): number;
  /** The members that a backend has been told of. Must be read to its end before anything is written. */
  roster(): Iterable<Omit<RosterEntry, "sequence">>;
  /** The channels of a connection that a backend has been told of. */
  channelsOf(client: string): string[];
  addToRoster(entry: RosterEntry): void;
  removeFromRoster(client: string, channel: string): void;
  /** The occupancy of channels that was reported to their homes, or is to be. */
  occupancy(): (Occupancy & { readonly isTold: boolean })[];
  setOccupancy(occupancy: Occupancy): void;
  /** Notes that a home has taken a report. An empty channel is then forgotten. */
  told(occupancy: Occupancy): void;
  /** The channels whose home is here that have subscribers at one hub, as far as is known. */
  occupiedBy(hub: string): string[];
  isOccupied(channel: string): boolean;
  /** Stores a hub's report on a channel whose home is here. Returns false when a newer report is known. */
  setOccupant(hub: string, occupancy: Occupancy): boolean;
  /** Forgets hubs that have had no subscribers since a sequence: their calls cannot be that late. */
  forgetVacated(before: number): void;
  /** The largest sequence that is stored; 0 for none. */
  lastSequence(): number;
  /** Whether sweeps have anything to compare with the connections, or to clean up. */
  needsSweep(hub: string): boolean;
  isEmpty(): boolean;
}
