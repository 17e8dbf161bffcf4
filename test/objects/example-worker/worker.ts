/** The gateway with the configuration of examples/chat-backend. */
import "../../gateway/own.ts";
import { config } from "../../../examples/chat-backend/gateway-config.ts";
import type { Config } from "../../../src/config/config.ts";
import { appOf, GatewayHub } from "../../gateway/classes.ts";

export { Outgoing } from "../../../src/proxy/outgoing.ts";
export { GatewayRoom as Room } from "../../gateway/classes.ts";

export class Hub extends GatewayHub {
  protected override get config(): Config {
    return config;
  }
}

export default appOf({});
