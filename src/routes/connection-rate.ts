import { addressGroup } from "../auth/address.ts";
import { httpError } from "../shared/http-error.ts";
import { WORKER_LIMITS } from "../shared/limits.ts";
import { type Asked, noteRefusal } from "./asked.ts";

/**
 * Refuses a connection from an address that has opened too many; undefined when it may go on. Only where CONNECT_RATE
 * is bound and Cloudflare tells the address.
 */
export async function refuseAddress(asked: Asked): Promise<Response | undefined> {
  const { request, env } = asked;
  const { CONNECT_RATE } = env;
  const key = addressGroup(request.headers.get("CF-Connecting-IP") ?? "");
  if (CONNECT_RATE === undefined || key === undefined) return undefined;
  const { success } = await CONNECT_RATE.limit({ key });
  if (success) return undefined;
  noteRefusal(asked, "too_many_connections");
  return httpError("too_many_connections", { "Retry-After": String(WORKER_LIMITS.retryAfter) });
}
