import { addressGroup } from "../auth/address.ts";
import type { Env } from "../env.ts";
import { httpError } from "../http-error.ts";
import { WORKER_LIMITS } from "../limits.ts";

/**
 * The answer to a connection too many from one address, or nothing when it may go on. Only where CONNECT_RATE is bound,
 * and only where Cloudflare says what the address is.
 */
export async function refuseAddress(request: Request, { CONNECT_RATE }: Env): Promise<Response | undefined> {
  const key = addressGroup(request.headers.get("CF-Connecting-IP") ?? "");
  if (CONNECT_RATE === undefined || key === undefined) return undefined;
  const { success } = await CONNECT_RATE.limit({ key });
  return success
    ? undefined
    : httpError("too_many_connections", { "Retry-After": String(WORKER_LIMITS.retryAfter) });
}
