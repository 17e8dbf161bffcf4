/**
 * A preflight asks whether a WebSocket would be accepted, because browsers hide from a page why a handshake was
 * refused. It is the same request without the upgrade; it runs every check of the handshake, and opens nothing.
 */

/** Makes a GET a preflight. No page of another origin can send it: it would need CORS, which no answer here allows. */
export const PREFLIGHT_HEADER = "X-Poorwill-Preflight";

/** The subprotocols that the handshake would offer: pages cannot set the header of the handshake. */
export const PREFLIGHT_PROTOCOLS_HEADER = "X-Poorwill-Preflight-Protocols";

/** Whether a request, or the handshake made of it, is a preflight of a page of the gateway's own origin. */
export function isPreflight({ method, url, headers }: Request): boolean {
  return (
    method === "GET" &&
    headers.get(PREFLIGHT_HEADER) === "1" &&
    // Browsers send neither to http addresses other than localhost.
    ["same-origin", null].includes(headers.get("Sec-Fetch-Site")) &&
    [new URL(url).origin, null].includes(headers.get("Origin"))
  );
}

/**
 * The handshake that a preflight asks about; any other request as it is. {@link isPreflight} still tells them apart.
 */
export function asHandshake(request: Request): Request {
  if (!isPreflight(request) || request.headers.has("Upgrade")) return request;
  const headers = new Headers(request.headers);
  const protocols = headers.get(PREFLIGHT_PROTOCOLS_HEADER);
  headers.set("Upgrade", "websocket");
  headers.set("Origin", new URL(request.url).origin);
  // Without version and key: like the request of a Worker, no client can turn it into a connection.
  headers.delete("Sec-WebSocket-Version");
  headers.delete("Sec-WebSocket-Key");
  if (protocols !== null) headers.set("Sec-WebSocket-Protocol", protocols);
  return new Request(request, { headers });
}

/**
 * The answer to a preflight whose WebSocket would be accepted, with the subprotocol that it would have; "" for none.
 */
export function wouldAccept(protocol: string): Response {
  const headers: Record<string, string> = protocol === "" ? {} : { "Sec-WebSocket-Protocol": protocol };
  return new Response(null, { status: 204, headers: { ...headers, "Cache-Control": "no-store" } });
}
