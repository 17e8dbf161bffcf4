import type { Fetch } from "./request.ts";

/** How an object sends requests: through the entrypoint `Outgoing`, where the main module exports it. */
export function backendFetch(exports: unknown): Fetch {
  const { Outgoing: entrypoint } = (exports ?? {}) as { Outgoing?: { fetch: Fetch } };
  return entrypoint === undefined ? (request) => fetch(request) : (request) => entrypoint.fetch(request);
}
