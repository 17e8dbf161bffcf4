/**
 * Every limit of the gateway, in one place. A limit marked "default" can be changed, for a room kind or in the
 * configuration. `docs/limits.md` says what is answered when one is hit.
 */
export * from "./limits/budget.ts";
export * from "./limits/channels.ts";
export * from "./limits/http-streams.ts";
export * from "./limits/hubs.ts";
export * from "./limits/input.ts";
export * from "./limits/rooms.ts";
export * from "./limits/server.ts";
export * from "./limits/tracing.ts";
