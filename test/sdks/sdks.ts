import { built, program, type ToolchainName } from "./toolchains.ts";

/** One way in which an SDK speaks with the gateway. */
export interface Protocol {
  readonly codec: "json" | "protobuf";
  readonly transport: "websocket" | "http_stream" | "sse";
}

/** What a program of ours drives. */
interface Runnable {
  readonly name: string;
  readonly toolchain: ToolchainName;
  /** Runs the program. */
  readonly run: readonly [command: string, ...args: string[]];
}

export interface Sdk extends Runnable {
  readonly protocols: readonly Protocol[];
}

const WEBSOCKET = [
  { codec: "json", transport: "websocket" },
  { codec: "protobuf", transport: "websocket" },
] as const satisfies readonly Protocol[];

const SDKS: readonly Sdk[] = [
  {
    name: "centrifuge-js",
    toolchain: "node",
    run: [process.execPath, program("js/client.ts")],
    protocols: [
      ...WEBSOCKET,
      { codec: "json", transport: "http_stream" },
      { codec: "protobuf", transport: "http_stream" },
      { codec: "json", transport: "sse" },
    ],
  },
  { name: "centrifuge-go", toolchain: "go", run: [built("go/client")], protocols: WEBSOCKET },
  {
    name: "centrifuge-python",
    toolchain: "python",
    run: [built("python/bin/python"), program("python/client.py")],
    protocols: WEBSOCKET,
  },
  {
    name: "centrifuge-java",
    toolchain: "java",
    run: ["java", "-cp", `${built("java/classes")}:${built("java/dependency")}/*`, "Main"],
    protocols: [{ codec: "protobuf", transport: "websocket" }],
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

export interface Library extends Runnable {
  /** Whether it reads numbers without rounding them. */
  readonly keepsDigits: boolean;
}

/** The libraries for backends, which call the server API. */
export const LIBRARIES: readonly Library[] = [
  {
    name: "pycent",
    toolchain: "python",
    run: [built("python/bin/python"), program("python/api.py")],
    keepsDigits: true,
  },
  { name: "gocent", toolchain: "go", run: [built("go/api")], keepsDigits: true },
  {
    name: "openapi-typescript",
    toolchain: "openapi",
    run: [process.execPath, built("openapi/api.ts")],
    keepsDigits: false,
  },
];
