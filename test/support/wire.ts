import { afterAll, beforeAll } from "vitest";
import { type HeaderChanges, TcpPeer } from "./tcp.ts";
import { startWorkerd, type Workerd } from "./workerd.ts";

/** How long a close, or an answer that needs no work, may take: what comes only when the object sleeps takes 10 seconds. */
export const PROMPT_MS = 8_000;
/** How long a test looks whether something stays as it is. */
export const A_WHILE_MS = 1_000;

export interface Wire {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** A TCP connection on which nothing has been sent. */
  connect(): Promise<TcpPeer>;
  /** A completed handshake; a room of kind `echo` unless another path is given. */
  open(path?: string, changes?: HeaderChanges): Promise<TcpPeer>;
}

/** Runs the gateway, or a Worker of its parts, for the tests of one file, and ends what they opened. */
export function useWire(
  vars: Readonly<Record<string, string>> = { ENVIRONMENT: "development" },
  configPath?: string,
): Wire {
  let gateway: Workerd | undefined;
  const peers: TcpPeer[] = [];
  beforeAll(async () => {
    gateway = await startWorkerd({ vars, ...(configPath !== undefined && { configPath }) });
  });
  afterAll(async () => {
    for (const peer of peers) peer.destroy();
    await gateway?.stop();
  });
  const keep = (peer: TcpPeer) => {
    peers.push(peer);
    return peer;
  };
  const port = () => gateway?.port ?? 0;
  return {
    get url() {
      return gateway?.url ?? "";
    },
    connect: async () => keep(await TcpPeer.connect(port())),
    open: async (path = "/rooms/echo/wire", changes) => keep(await TcpPeer.open(port(), path, changes)),
  };
}
