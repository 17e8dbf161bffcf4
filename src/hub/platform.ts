import type { EventStore } from "../events/event-store.ts";
import type { HubRpc } from "../hub-rpc/hub-rpc.ts";
import type { WireVersions } from "../hub-rpc/wire-versions.ts";
import type { Fetch } from "../proxy/request.ts";
import type { BlockStore } from "../sessions/blocked-users.ts";
import type { Connections } from "../sessions/connection.ts";
import type { MemoryLimits } from "../sessions/memory.ts";
import type { SessionStore } from "../sessions/session-store.ts";
import type { ConditionStore } from "../streams/condition-store.ts";
import type { StreamStore } from "../streams/stream-store.ts";
import type { AlarmClock } from "./alarms.ts";
import type { PaceStore } from "./breaker.ts";
import type { OverviewPlatform } from "./overview-home.ts";
import type { ReportTargets } from "./reporter.ts";

/** What a hub runs on: an object of Cloudflare, or plain Node in a test. */
export interface Platform {
  /** The name of the hub. */
  readonly name: string;
  readonly connections: Connections;
  readonly stores: Stores;
  readonly alarm: AlarmClock;
  /** Where the hub reports to. */
  readonly targets: ReportTargets;
  /** What the hub that holds open overviews has, and no other. */
  readonly overview?: OverviewPlatform | undefined;
  /** Reaches a backend. */
  readonly fetch: Fetch;
  /** Reaches another hub. */
  stubOf(hub: string): HubRpc;
  /** Resolves when everything that was written is durable. */
  sync(): Promise<void>;
  /** Deletes everything that is stored, and the alarm with it. */
  deleteAll(): Promise<void>;
  /** Ends this waking life: connections are closed, and memory goes. */
  abort(reason: string): void;
}

/** Where a hub keeps things. */
export interface Stores {
  readonly streams: StreamStore & Kept;
  readonly sessions: SessionStore & Kept;
  readonly conditions: ConditionStore & Kept;
  readonly events: EventStore & Kept;
  readonly paces: PaceStore & Kept;
  readonly blocks: BlockStore & Kept;
}

/** What every store tells of itself. */
export interface Kept {
  /** Rows written since the hub woke. */
  readonly rowsWritten: number;
  /** Whether nothing is kept. */
  isEmpty(): boolean;
  /** Forgets what it knows of the storage, which has been deleted. */
  reset(): void;
}

/** What a hub can take, and which versions it knows. */
export interface HubSettings {
  readonly wireVersions: WireVersions;
  /** Milliseconds after which a call to another hub is given up. */
  readonly callTimeout: number;
  /** Bytes past which it takes no newcomers, and no subscriptions. */
  readonly memoryLimits: MemoryLimits;
  /** Connections that it takes before it sends newcomers on. */
  readonly capacity: number;
  /** Connections that its platform holds, closing ones among them. */
  readonly heldConnections: number;
  /** Milliseconds by which a flush may be late before it sends newcomers on. */
  readonly flushLag: number;
}
