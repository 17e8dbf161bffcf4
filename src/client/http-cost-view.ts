import { byId, create } from "./dom.ts";
import { httpCost } from "./http-cost.ts";
import { type Entry, formatSize } from "./message.ts";

/** Sets what a message cost as a frame beside what it would have cost as an HTTP exchange. */
export function showHttpCost(entry: Entry, frameBytes: number): void {
  const box = byId("cost", HTMLElement);
  box.hidden = entry.type !== "text" && entry.type !== "binary";
  if (entry.type !== "text" && entry.type !== "binary") return;
  const { direction, type, size, route } = entry;
  const { requestHead, responseHead, overheadBytes } = httpCost(
    { direction, type, payloadBytes: size },
    { ...readAddress(route.url), origin: location.origin, userAgent: navigator.userAgent },
  );
  byId("cost-bars", HTMLElement).replaceChildren(
    createBar("WebSocket frame", frameBytes, overheadBytes),
    createBar("HTTP headers", overheadBytes, overheadBytes),
  );
  const ratio = Math.round(overheadBytes / frameBytes);
  byId("cost-text", HTMLElement).textContent =
    `Around ${formatSize(size)} of payload, a frame adds ${frameBytes} bytes where HTTP/1.1 adds ${overheadBytes}: ` +
    `${ratio} times as many. Cookies would come on top; HTTP/2 compresses headers that repeat.`;
  byId("cost-request", HTMLElement).textContent = requestHead.trimEnd();
  byId("cost-response", HTMLElement).textContent = responseHead.trimEnd();
}

function readAddress(url: string): { host: string; path: string } {
  const parsed = URL.parse(url);
  return { host: parsed?.host ?? location.host, path: parsed ? parsed.pathname + parsed.search : "/" };
}

function createBar(label: string, bytes: number, longest: number): HTMLElement {
  const fill = create("span", "fill");
  fill.style.width = `${Math.max(0.6, (bytes / longest) * 100)}%`;
  return create(
    "div",
    "bar-row",
    create("span", "label", label),
    create("span", "track", fill),
    `${bytes} B`,
  );
}
