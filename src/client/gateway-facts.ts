import type { GatewayFacts } from "../shared/gateway-facts.ts";

/** The room kinds and namespaces of the gateway that served the page; of one that does not tell, none. */
export const gatewayFacts: Promise<GatewayFacts> = fetch("/gateway.json")
  .then((response) => (response.ok ? (response.json() as Promise<GatewayFacts>) : Promise.reject(response)))
  .catch(() => ({ kinds: [], namespaces: [] }));
