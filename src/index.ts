import { env } from "cloudflare:workers";
import { createApp } from "./app.ts";
import { resolveConfig } from "./channels/config.ts";
import { config } from "./config.ts";
import { roomKinds } from "./rooms/index.ts";

export { Hub } from "../durable-objects/hub.ts";
export { Room } from "../durable-objects/room.ts";

// A wrong configuration ends the start, and names its key, rather than the first connection.
resolveConfig(config, env as unknown as Record<string, unknown>);

export default createApp(roomKinds);
