import { afterAll, beforeAll } from "vitest";
import { type HeaderChanges, TcpPeer } from "./tcp.ts";
import { startWorkerd, type Workerd } from "./workerd.ts";

/** How long a test looks whether something stays as it is. */
export const A_WHILE_MS = 1_000;

/** An object sleeps after ten seconds in which it heard nothing. */
const TALK_INTERVAL_MS = 1_000;

export interface Wire {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** A TCP connection on which nothing has been sent. */
  connect(): Promise<TcpPeer>;
  /** A completed handshake; a room of kind `echo` unless another path is given. */
  open(path?: string, changes?: HeaderChanges): Promise<TcpPeer>;
  /**
   * Keeps the room of a peer awake until the tests of the file have ended, by what it sends: what comes only when an object
   * sleeps does not come at all.
   */
  keepAwake(peer: TcpPeer): void;
}

/** Runs the gateway, or a Worker of its parts, for the tests of one file, and ends what they opened. */
export function useWire(
  vars: Readonly<Record<string, string>> = { ENVIRONMENT: "development" },
  configPath?: string,
): Wire {
  let gateway: Workerd | undefined;
  const peers: TcpPeer[] = [];
  const talking: NodeJS.Timeout[] = [];
  beforeAll(async () => {
    gateway = await startWorkerd({ vars, ...(configPath !== undefined && { configPath }) });
  });
  afterAll(async () => {
    for (const timer of talking) clearInterval(timer);
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
    keepAwake: (peer) => void talking.push(setInterval(() => peer.sendText("awake"), TALK_INTERVAL_MS)),
  };
}
