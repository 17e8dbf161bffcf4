import { logFailure } from "./shared/log.ts";

/**
 * Starts the gateway: `start` returns it. What stops it, such as a wrong configuration, ends the start
 * of a deployed one. In development it is logged, and every request is answered with it: the runtime would end the whole
 * server, and no change to the configuration could bring it back.
 */
export function startGateway<Started>(
  start: () => Started,
  { ENVIRONMENT }: { readonly ENVIRONMENT?: string },
): Started | (() => Response) {
  try {
    return start();
  } catch (failure) {
    if (ENVIRONMENT !== "development") throw failure;
    logFailure("gateway.not_started", failure);
    const message = failure instanceof Error ? failure.message : String(failure);
    return () => Response.json({ error: { code: "internal", message } }, { status: 500 });
  }
}
