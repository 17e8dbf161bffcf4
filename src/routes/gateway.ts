import type { GatewayFacts } from "../shared/gateway-facts.ts";
import type { Asked } from "./asked.ts";

/**
 * `GET /gateway.json`: the room kinds that there are, and the namespaces that clients may use. Both could be found out
 * by trying; namespaces that need a token are left out. Pages of other origins cannot read it.
 */
export function describeGateway({ gateway: { kinds, config } }: Asked): Response {
  const facts: GatewayFacts = {
    kinds: Object.entries(kinds).map(([name, { protocols = [], heartbeat }]) => ({
      name,
      protocols,
      ...(heartbeat && { heartbeat: heartbeat.request }),
    })),
    namespaces: config.namespaces.forClients,
  };
  return Response.json(facts, {
    headers: { "Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "same-origin" },
  });
}
