import { built, program, type ToolchainName } from "./toolchains.ts";

/** One way in which an SDK speaks with the gateway. */
export interface Protocol {
  readonly codec: "json" | "protobuf";
  readonly transport: "websocket";
}

export interface Sdk {
  readonly name: string;
  readonly toolchain: ToolchainName;
  /** Runs our program that drives it; its folder is `programs`. */
  readonly run: readonly [command: string, ...args: string[]];
  readonly protocols: readonly Protocol[];
}

const JSON_WEBSOCKET: Protocol = { codec: "json", transport: "websocket" };

const SDKS: readonly Sdk[] = [
  {
    name: "centrifuge-js",
    toolchain: "node",
    run: [process.execPath, program("js/client.ts")],
    protocols: [JSON_WEBSOCKET],
  },
  {
    name: "centrifuge-go",
    toolchain: "go",
    run: [built("go/client")],
    protocols: [JSON_WEBSOCKET],
  },
  {
    name: "centrifuge-python",
    toolchain: "python",
    run: [built("python/bin/python"), program("python/client.py")],
    protocols: [JSON_WEBSOCKET],
  },
];

/** One SDK over one protocol. */
export interface Speaker {
  readonly sdk: Sdk;
  readonly protocol: Protocol;
}

/** Whom every scenario is played with. */
export const SPEAKERS: readonly Speaker[] = SDKS.flatMap((sdk) =>
  sdk.protocols.map((protocol) => ({ sdk, protocol })),
);
