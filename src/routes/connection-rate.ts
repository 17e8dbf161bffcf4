import { addressGroup } from "../auth/address.ts";
import type { Env } from "../deployment/env.ts";
import { httpError } from "../shared/http-error.ts";
import { WORKER_LIMITS } from "../shared/limits.ts";
import { noteRefusal } from "./refusals.ts";

/**
 * Refuses a connection from an address that has opened too many; undefined when it may go on. Only where CONNECT_RATE
 * is bound and Cloudflare tells the address.
 */
export async function refuseAddress(request: Request, env: Env): Promise<Response | undefined> {
  const { CONNECT_RATE } = env;
  const key = addressGroup(request.headers.get("CF-Connecting-IP") ?? "");
  if (CONNECT_RATE === undefined || key === undefined) return undefined;
  const { success } = await CONNECT_RATE.limit({ key });
  if (success) return undefined;
  noteRefusal(request, env, "too_many_connections");
  return httpError("too_many_connections", { "Retry-After": String(WORKER_LIMITS.retryAfter) });
}
