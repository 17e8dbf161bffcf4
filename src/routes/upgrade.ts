import { parseAllowedOrigins } from "../auth/allowed-origins.ts";
import { isOriginAllowed } from "../auth/origins.ts";
import type { Env } from "../deployment/env.ts";
import { httpError } from "../shared/http-error.ts";
import { refuseHandshake } from "../websocket/handshake.ts";
import { noteRefusal } from "./refusals.ts";

/** The answer to a request that may not become a WebSocket, or nothing when it may. */
export function refuseUpgrade(request: Request, env: Env): Response | undefined {
  return refuseHandshake(request) ?? refuseOrigin(request, env);
}

/** The answer to a request of a page that may not ask this gateway, or nothing when it may. */
export function refuseOrigin(request: Request, env: Env): Response | undefined {
  const policy = {
    allowed: parseAllowedOrigins(env.ALLOWED_ORIGINS),
    development: env.ENVIRONMENT === "development",
  };
  const isAllowed = isOriginAllowed(request.headers.get("Origin"), new URL(request.url).host, policy);
  if (isAllowed) return undefined;
  noteRefusal(request, env, "origin_refused");
  return httpError("origin_refused");
}
