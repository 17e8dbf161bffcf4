import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Centrifuge, Options } from "centrifuge";
import { afterAll, beforeAll } from "vitest";
import type { ConnectionSettings } from "../../src/config/config.ts";
import { ChannelClient } from "./channel-client.ts";
import { SECRET } from "./tokens.ts";
import { startWorkerd, type Workerd } from "./workerd.ts";

export interface ChannelGatewaySettings {
  readonly connection?: ConnectionSettings;
  /** Default true. */
  readonly hooks?: boolean;
  /** By what clients connect. Default "websocket". */
  readonly transport?: "websocket" | "http_stream" | "sse";
  /** Further variables, such as keys. */
  readonly vars?: Readonly<Record<string, string>>;
}

export interface ChannelGateway {
  /** A client that has not connected. With `at`, its session is at the home of that channel, otherwise at the edge. */
  client(options?: Partial<Options>, at?: string, Sdk?: typeof Centrifuge): ChannelClient;
  /** A client that has connected. */
  connect(options?: Partial<Options>, at?: string, Sdk?: typeof Centrifuge): Promise<ChannelClient>;
  /** Ends workerd as a crash would, and starts it again on the same port, with `storage` "kept" or "lost". */
  crash(storage: "kept" | "lost", meanwhile?: () => Promise<void>): Promise<void>;
  /** How many objects have a file in the storage: each that was ever asked has one. */
  storedObjects(): Promise<number>;
  readonly port: number;
  /** Of the process. */
  readonly pid: number;
  output(): string;
}

/** Runs the gateway with the channels of `test/objects/channels-worker` for the tests of one file, and ends what they opened. */
export function useChannels({
  connection = {},
  hooks = true,
  transport = "websocket",
  vars = {},
}: ChannelGatewaySettings = {}): ChannelGateway {
  const clients: ChannelClient[] = [];
  const directories: string[] = [];
  let gateway: Workerd | undefined;

  const start = async (persistTo: string, port = 0) => {
    gateway = await startWorkerd({
      configPath: "test/objects/channels-worker/wrangler.toml",
      vars: {
        ENVIRONMENT: "development",
        TOKEN_HMAC_SECRET: SECRET,
        CONNECTION: JSON.stringify(connection),
        HOOKS: hooks ? "on" : "off",
        ...vars,
      },
      persistTo,
      port,
    });
  };
  const newDirectory = async () => {
    const directory = await mkdtemp(join(tmpdir(), "poorwill-channels-"));
    directories.push(directory);
    return directory;
  };

  beforeAll(async () => start(await newDirectory()));
  afterAll(async () => {
    for (const { centrifuge } of clients) centrifuge.disconnect();
    await gateway?.stop();
    for (const directory of directories) await rm(directory, { recursive: true });
  });

  const client: ChannelGateway["client"] = (options, at, Sdk) => {
    const query = at === undefined ? "" : `?channel=${encodeURIComponent(at)}`;
    const address = `127.0.0.1:${gateway?.port}`;
    const path = `/connection/${transport}${query}`;
    const opened =
      transport === "websocket"
        ? new ChannelClient(`ws://${address}${path}`, options, Sdk)
        : new ChannelClient(
            [{ transport, endpoint: `http://${address}${path}` }],
            { emulationEndpoint: `http://${address}/emulation`, ...options },
            Sdk,
          );
    clients.push(opened);
    return opened;
  };
  return {
    client,
    connect: (options, at, Sdk) => client(options, at, Sdk).connect(),
    async crash(storage, meanwhile) {
      const { port = 0 } = gateway ?? {};
      const kept = directories.at(-1) ?? "";
      await gateway?.kill();
      await meanwhile?.();
      await start(storage === "kept" ? kept : await newDirectory(), port);
    },
    async storedObjects() {
      const files = await readdir(directories.at(-1) ?? "", { recursive: true });
      return files.filter((file) => file.endsWith(".sqlite")).length;
    },
    get port() {
      return gateway?.port ?? 0;
    },
    get pid() {
      return gateway?.pid ?? 0;
    },
    output: () => gateway?.output() ?? "",
  };
}

/** Unix seconds, so many from now. */
export const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

/** A channel that no other test uses. */
export const channelIn = (namespace: string): string => `${namespace}:${crypto.randomUUID()}`;

export const range = (count: number, first = 1): number[] =>
  Array.from({ length: count }, (_, index) => first + index);
