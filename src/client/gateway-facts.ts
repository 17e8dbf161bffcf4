import type { GatewayFacts } from "../shared/gateway-facts.ts";

/** What the gateway that served the page tells of itself; undefined of one that does not. */
export const gatewayFacts: Promise<GatewayFacts | undefined> = fetch("gateway.json")
  .then((response) => (response.ok ? (response.json() as Promise<GatewayFacts>) : undefined))
  .catch(() => undefined);
