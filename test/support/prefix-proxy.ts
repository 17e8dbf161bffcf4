/** A reverse proxy that has a gateway below a path, and takes the path off each request. */

import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestOptions, request } from "node:http";
import type { Duplex } from "node:stream";
import { findFreePort } from "./gateway.ts";

export interface PrefixProxy {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * @param prefix such as `/realtime`; what is not below it is answered with 404.
 * @param gateway the address of the gateway.
 */
export async function startPrefixProxy(prefix: string, gateway: string): Promise<PrefixProxy> {
  const port = await findFreePort();
  const forward = ({ method, url = "", headers }: IncomingMessage): RequestOptions | undefined => {
    if (!url.startsWith(`${prefix}/`)) return undefined;
    const { hostname, port: gatewayPort, host } = new URL(gateway);
    const path = url.slice(prefix.length);
    // The gateway takes its own origin from the Host header.
    const origin = headers.origin === undefined ? {} : { origin: gateway };
    return { method, hostname, port: gatewayPort, path, headers: { ...headers, host, ...origin } };
  };
  const server = createServer((incoming, outgoing) => {
    const options = forward(incoming);
    if (!options) return outgoing.writeHead(404).end();
    const onward = request(options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    return incoming.pipe(onward);
  });
  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex) => {
    const options = forward(incoming);
    if (!options) return socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
    const onward = request(options);
    onward.on("upgrade", (answer, peer) => {
      socket.write(`${headOf(answer)}\r\n`);
      peer.on("error", () => socket.destroy()).pipe(socket);
      socket.on("error", () => peer.destroy()).pipe(peer);
    });
    onward.on("response", (answer) => {
      socket.write(`${headOf(answer)}\r\n`);
      answer.pipe(socket);
    });
    onward.on("error", () => socket.destroy());
    return onward.end();
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}\r\n`] : [],
  );
  return `HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines.join("")}`;
}
