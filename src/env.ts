import type { Hub } from "../durable-objects/hub.ts";
import type { Room } from "../durable-objects/room.ts";

/** Bindings, variables and secrets of the Worker, as wrangler.toml and .dev.vars.example name them. */
export interface Env {
  ROOM: DurableObjectNamespace<Room>;
  HUB: DurableObjectNamespace<Hub>;
  ASSETS: Fetcher;
  /** "development" under `npm start`; anything else, or nothing, is production. */
  ENVIRONMENT?: string;
  /** Origins that may connect besides the gateway's own host, separated by commas. */
  ALLOWED_ORIGINS?: string;
}
