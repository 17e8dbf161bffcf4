import type { Access } from "../api/access.ts";
import { BodyTooLarge, readBody } from "../shared/body.ts";
import { API_REFUSALS, type HttpErrorDefinition } from "../shared/codes.ts";
import { API_LIMITS } from "../shared/limits.ts";
import { type Asked, noteRefusal } from "./asked.ts";

/**
 * Answers a request to the server API whose sender is known, within its rate, with what `respond` makes of its body. Anybody
 * else is refused in plain text.
 */
export async function answerApi(
  asked: Asked,
  respond: (body: string, access: Access) => Promise<Response>,
): Promise<Response> {
  const { request, env, keys } = asked;
  const access = await keys.accessOf(request, env);
  if (access === undefined) {
    noteRefusal(asked, "unauthorized");
    return refuse(API_REFUSALS.unauthorized);
  }
  if (await isOverRate(access, asked)) {
    noteRefusal(asked, "too_many_requests");
    return refuse(API_REFUSALS.tooManyRequests, { "Retry-After": String(API_LIMITS.retryAfter) });
  }
  if (request.method !== "POST") return refuse(API_REFUSALS.methodNotAllowed, { Allow: "POST" });
  try {
    return await respond(await readBody(request, API_LIMITS.bodySize), access);
  } catch (failure) {
    if (failure instanceof BodyTooLarge) return refuse(API_REFUSALS.tooLarge);
    throw failure;
  }
}

/** Where API_RATE is bound. A key is counted by its name, which stays the same when the key is renewed. */
async function isOverRate({ name }: Access, { env: { API_RATE } }: Asked): Promise<boolean> {
  return API_RATE !== undefined && !(await API_RATE.limit({ key: name })).success;
}

export function refuse(
  { status, message }: HttpErrorDefinition,
  headers: Record<string, string> = {},
): Response {
  return new Response(message, { status, headers });
}
