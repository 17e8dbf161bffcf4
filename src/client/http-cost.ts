/** What one WebSocket message would cost as an HTTP/1.1 exchange. */

import type { Direction } from "./message.ts";

export interface HttpContext {
  /** `host:port` of the server. */
  readonly host: string;
  readonly path: string;
  /** `https:` or `http:` with host: the page's own. */
  readonly origin: string;
  readonly userAgent: string;
}

export interface HttpMessage {
  readonly direction: Direction;
  readonly type: "text" | "binary";
  readonly payloadBytes: number;
}

export interface HttpCost {
  readonly requestHead: string;
  readonly responseHead: string;
  /** Bytes of both heads. */
  readonly overheadBytes: number;
}

/**
 * The heads of a typical exchange that carries the message: a POST for one that was sent, the poll that fetches it for
 * one that was received. The headers are those that a browser adds by itself.
 *
 * @example httpCost(message, context).overheadBytes; // about 700
 */
export function httpCost(message: HttpMessage, context: HttpContext): HttpCost {
  const isSent = message.direction === "sent";
  const contentHeaders = [
    `Content-Type: ${message.type === "text" ? "text/plain;charset=UTF-8" : "application/octet-stream"}`,
    `Content-Length: ${message.payloadBytes}`,
  ];
  const requestHead = head([
    `${isSent ? "POST" : "GET"} ${context.path} HTTP/1.1`,
    ...requestHeaders(context),
    ...(isSent ? [`Origin: ${context.origin}`, ...contentHeaders] : []),
  ]);
  const responseHead = head([
    isSent ? "HTTP/1.1 204 No Content" : "HTTP/1.1 200 OK",
    "Date: Sun, 06 Nov 1994 08:49:37 GMT",
    "Connection: keep-alive",
    "Cache-Control: no-store",
    ...(isSent ? [] : contentHeaders),
  ]);
  return { requestHead, responseHead, overheadBytes: byteLength(requestHead) + byteLength(responseHead) };
}

function requestHeaders({ host, origin, userAgent }: HttpContext): string[] {
  return [
    `Host: ${host}`,
    "Connection: keep-alive",
    `User-Agent: ${userAgent}`,
    "Accept: */*",
    "Accept-Encoding: gzip, deflate, br, zstd",
    "Accept-Language: en-US,en;q=0.9",
    `Referer: ${origin}/`,
    "Sec-Fetch-Dest: empty",
    "Sec-Fetch-Mode: cors",
    "Sec-Fetch-Site: same-origin",
  ];
}

function head(lines: string[]): string {
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
