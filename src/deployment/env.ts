import type { Directory } from "../../durable-objects/directory/directory.ts";
import type { Hub } from "../../durable-objects/hub/hub.ts";
import type { Room } from "../../durable-objects/room/room.ts";

/** What a gateway finds in its Worker's environment, by its own names. */
export interface Env {
  ROOM: DurableObjectNamespace<Room>;
  HUB: DurableObjectNamespace<Hub>;
  DIRECTORY: DurableObjectNamespace<Directory>;
  /** The files of the Worker, where bound. */
  ASSETS?: Fetcher;
  /** Counts connections by address, where bound. */
  CONNECT_RATE?: RateLimit;
  /** Counts requests to the server API by key, where bound. */
  API_RATE?: RateLimit;
  /** Takes a data point from time to time from each hub that is awake, where bound. */
  ANALYTICS?: AnalyticsEngineDataset;
  /** "debug" logs every connection that opens or closes. */
  LOG_LEVEL?: string;
  /** "development" under `npm start`; anything else, or nothing, is production. */
  ENVIRONMENT?: string;
  /** Origins that may connect besides the gateway's own host, separated by commas. */
  ALLOWED_ORIGINS?: string;
  /** The one key of the server API, which may do everything (secret). */
  API_KEY?: string;
  /** Keys of the server API as JSON: `[{ "name", "key", "methods"?, "channels"?, "rooms"? }]` (secret). */
  API_KEYS?: string;
  /** The same for the keys of operators: builds before their rights do not read it (secret). */
  OPERATOR_KEYS?: string;
}
