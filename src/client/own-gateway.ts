import { gatewayBase } from "./gateway-base.ts";

/** The gateway that served this page: what its addresses begin with. */
export const ownGateway = gatewayBase(document.baseURI);
