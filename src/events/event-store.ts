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

/** Where a hub keeps events until they are delivered, and what it must remember to notice what a crash has swallowed. */
export interface EventStore {
  /** Runs `work` as one transaction: all of it is stored, or nothing. Whatever is added or set belongs into one. */
  transaction(work: () => void): void;
  append(events: readonly BackendEvent[], time: number): void;
  /** As many waiting events as go into one delivery. */
  waiting(): WaitingEvents | undefined;
  delivered(ids: readonly number[]): void;
  /** Notes a delivery that failed. */
  postpone(ids: readonly number[], attempts: number, due: number): void;
  /** Drops events that are too old, and the oldest of too many. Returns how many. */
  dropSurplus(now: number): number;
  /** Who a backend has been told of. To be read to its end before anything is written. */
  roster(): Iterable<Omit<RosterEntry, "sequence">>;
  /** What a backend has been told that a connection is in. */
  channelsOf(client: string): string[];
  addToRoster(entry: RosterEntry): void;
  removeFromRoster(client: string, channel: string): void;
  /** What the homes of channels are to be told, or have been. */
  occupancy(): (Occupancy & { readonly isTold: boolean })[];
  setOccupancy(occupancy: Occupancy): void;
  /** Notes that a home knows; what it knows to be empty need not be remembered. */
  told(occupancy: Occupancy): void;
  /** The channels homed here that have subscribers at one hub, as far as that is known. */
  occupiedBy(hub: string): string[];
  isOccupied(channel: string): boolean;
  /** Notes what a hub says of a channel that is homed here. Returns false when something newer is known. */
  setOccupant(hub: string, occupancy: Occupancy): boolean;
  /** Forgets hubs that have had no subscribers since a sequence: no call of theirs can be late by so much. */
  forgetVacated(before: number): void;
  /** The largest sequence of what is stored; 0 for none. */
  lastSequence(): number;
  /** Whether anything must be compared with the connections, or cleaned up, now and then. */
  needsSweep(hub: string): boolean;
  isEmpty(): boolean;
}
