/** The gateway with the configuration of examples/chat-backend. */
import "../../gateway/own.ts";
import { Hub as GatewayHub } from "../../../durable-objects/hub/hub.ts";
import { config } from "../../../examples/chat-backend/gateway-config.ts";
import { createApp } from "../../../src/app.ts";
import type { Config } from "../../../src/config/config.ts";

export { Room } from "../../../durable-objects/room/room.ts";
export { Outgoing } from "../../../src/proxy/outgoing.ts";

export class Hub extends GatewayHub {
  protected override get config(): Config {
    return config;
  }
}

export default createApp({});
