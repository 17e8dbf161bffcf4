export type { Wiring as HubCore } from "../../src/hub/wiring.ts";
