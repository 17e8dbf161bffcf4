import { parseAllowedOrigins } from "../auth/allowed-origins.ts";
import { isOriginAllowed } from "../auth/origins.ts";
import { httpError } from "../shared/http-error.ts";
import { refuseHandshake } from "../websocket/handshake.ts";
import { type Asked, noteRefusal } from "./asked.ts";

/** The answer to a request that may not become a WebSocket, or nothing when it may. */
export function refuseUpgrade(asked: Asked): Response | undefined {
  return refuseHandshake(asked.request) ?? refuseOrigin(asked);
}

/** The answer to a request of a page that may not ask this gateway, or nothing when it may. */
export function refuseOrigin(asked: Asked): Response | undefined {
  const { request, env } = asked;
  const policy = {
    allowed: parseAllowedOrigins(env.ALLOWED_ORIGINS),
    development: env.ENVIRONMENT === "development",
  };
  const isAllowed = isOriginAllowed(request.headers.get("Origin"), new URL(request.url).host, policy);
  if (isAllowed) return undefined;
  noteRefusal(asked, "origin_refused");
  return httpError("origin_refused");
}
