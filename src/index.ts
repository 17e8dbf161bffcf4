import { env } from "cloudflare:workers";
import { createApp } from "./app.ts";
import { config } from "./config.ts";
import { gatewayConfig } from "./deployment/gateway-config.ts";
import { createEventConsumer } from "./events/consumer.ts";
import { roomKinds } from "./rooms/index.ts";
import { availableKinds } from "./rooms/shipped.ts";
import { startGateway } from "./start.ts";

export { Directory } from "../durable-objects/directory/directory.ts";
export { Hub } from "../durable-objects/hub/hub.ts";
export { Room } from "../durable-objects/room/room.ts";
export { Api } from "./entrypoint.ts";
export { Outgoing } from "./proxy/outgoing.ts";

// A wrong configuration ends the start and names its key, rather than failing the first connection.
const answer = startGateway(() => {
  const { rooms, namespaces } = gatewayConfig(env);
  return createApp(availableKinds(roomKinds, rooms, env), namespaces).fetch;
}, env);

export default { fetch: answer, queue: createEventConsumer(config) };
