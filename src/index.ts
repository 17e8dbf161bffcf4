import { env } from "cloudflare:workers";
import { createApp } from "./app.ts";
import { resolveConfig } from "./channels/config.ts";
import { config } from "./config.ts";
import { createEventConsumer } from "./events/consumer.ts";
import { roomKinds } from "./rooms/index.ts";

export { Directory } from "../durable-objects/directory.ts";
export { Hub } from "../durable-objects/hub.ts";
export { Room } from "../durable-objects/room.ts";
export { Api } from "./entrypoint.ts";
export { Outgoing } from "./proxy/outgoing.ts";

// A wrong configuration ends the start, and names its key, rather than the first connection.
resolveConfig(config, env as unknown as Record<string, unknown>);

export default { fetch: createApp(roomKinds).fetch, queue: createEventConsumer(config) };
