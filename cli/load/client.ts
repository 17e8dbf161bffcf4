import type { LoadSubscription } from "./subscription.ts";

/** One connection of a load. */
export interface LoadClient {
  /** What it must get: one for each of its channels, or one for a room. */
  readonly subscriptions: readonly LoadSubscription[];
  readonly isConnected: boolean;
  /** Whether it ever was. */
  readonly hasConnected: boolean;
  connect(): void;
  /** Rejects with the error of the gateway, or when there is no connection. */
  publish(channel: string, data: string): Promise<unknown>;
  close(): void;
}
