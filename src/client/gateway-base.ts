/** Where a gateway is: it may be mounted below a path, such as /realtime, and its page is in the same folder. */

/**
 * What the addresses of the gateway begin with, `ws` and `rooms/…` for example. It ends with "/".
 *
 * @param page the address of its page.
 * @example gatewayBase("https://example.com/realtime/?kind=echo#channels"); // "https://example.com/realtime/"
 */
export function gatewayBase(page: string): string {
  return new URL(".", page).href;
}

/**
 * The address of a WebSocket that a person has written, or a part of it.
 *
 * @throws TypeError for what cannot be an address.
 * @example socketUrl("https://example.com/realtime/", "ws"); // "wss://example.com/realtime/ws"
 */
export function socketUrl(base: string, text: string): string {
  return new URL(text.trim(), base).href.replace(/^http/, "ws");
}

/** The path of a URL below a gateway, such as `rooms/echo/lobby`; undefined for a URL that leads elsewhere. */
export function pathOnGateway(base: string, url: string): string | undefined {
  const { origin, pathname } = new URL(base);
  const address = URL.parse(url.replace(/^ws/, "http"));
  if (address?.origin !== origin || !address.pathname.startsWith(pathname)) return undefined;
  return address.pathname.slice(pathname.length);
}

/** Whether a URL leads to a gateway. */
export function isOnGateway(base: string, url: string): boolean {
  return pathOnGateway(base, url) !== undefined;
}
