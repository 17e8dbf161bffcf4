import { httpError } from "../shared/http-error.ts";

const UPGRADE = { Upgrade: "websocket", Connection: "Upgrade" };

/**
 * Whether the request asks for a WebSocket. The header's value is matched in any case, as RFC 6455 4.2.1 says, but not
 * in a list of values: the runtime refuses to answer such a request with a WebSocket (workerd 1.20261023.1).
 */
export function asksForWebSocket(headers: Headers): boolean {
  return headers.get("Upgrade")?.trim().toLowerCase() === "websocket";
}

/** The answer to a request that is no valid WebSocket handshake, or nothing when it is one. */
export function refuseHandshake(request: Request): Response | undefined {
  const { method, headers } = request;
  if (method !== "GET" || !asksForWebSocket(headers)) return refuseNonUpgrade(request);
  if (isFromWorker(headers)) return undefined;
  if (headers.get("Sec-WebSocket-Version") !== "13") {
    return httpError("unsupported_version", { ...UPGRADE, "Sec-WebSocket-Version": "13" });
  }
  if (!isWebSocketKey(headers.get("Sec-WebSocket-Key"))) return httpError("bad_handshake");
  return undefined;
}

/** The answer to a request that asks for no WebSocket where there is nothing else. */
export function refuseNonUpgrade({ method }: Request): Response {
  return method === "GET"
    ? httpError("upgrade_required", UPGRADE)
    : httpError("method_not_allowed", { Allow: "GET" });
}

/**
 * Another Worker's `fetch` through a service binding carries neither header. A client on the network cannot get through
 * like that: the runtime looks for both before it answers with 101.
 */
function isFromWorker(headers: Headers): boolean {
  return !headers.has("Sec-WebSocket-Version") && !headers.has("Sec-WebSocket-Key");
}

/** A key is 16 bytes in base64: 24 characters, the last two of them padding. */
function isWebSocketKey(key: string | null): boolean {
  return key !== null && /^[A-Za-z0-9+/]{22}==$/.test(key);
}
