import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { AS_SHIPPED } from "./as-shipped.ts";
import { bundleWorker } from "./worker-bundle.ts";
import { SOCKET_NAME, workerdConfig } from "./workerd-config.ts";

export interface WorkerdOptions {
  /** The worker to build and serve; the gateway as it ships unless given. */
  configPath?: string;
  /** Variables beside, or instead of, those of wrangler.toml. */
  vars?: Readonly<Record<string, string>>;
  /** Directory of the objects' storage, which stays; without it the storage ends with `stop` or `kill`. */
  persistTo?: string;
  /** Port to listen on; a free one unless given. */
  port?: number;
  /** Flags of V8. All objects of a workerd share one isolate, so `--max-heap-size` bounds the heaps of all together. */
  v8Flags?: readonly string[];
  /** Whether the inspector protocol may be spoken with it. */
  isInspected?: boolean;
}

/** A running workerd, with nothing between its socket and the worker. */
export interface Workerd {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  /** Port of the inspector protocol; 0 where it may not be spoken. */
  readonly inspectorPort: number;
  /** Everything that workerd and the worker have written so far. */
  output(): string;
  /** Whether it still runs. */
  readonly isRunning: boolean;
  /** Ends workerd and waits until it is gone. */
  stop(): Promise<void>;
  /** Ends workerd in the middle of whatever it does, as a crash would, and waits until it is gone. */
  kill(): Promise<void>;
}

const STOP_DEADLINE_MS = 500;

/**
 * Builds a worker and serves it with `workerd serve`: bindings come from its wrangler.toml, the socket is
 * the runtime's own. Started again with the same `persistTo`, it finds the objects as they were.
 *
 * @throws Error with workerd's output when it does not come up.
 * @example
 * const gateway = await startWorkerd({ vars: { ENVIRONMENT: "development" } });
 * await fetch(`${gateway.url}/healthz`);
 * await gateway.stop();
 */
export async function startWorkerd(options: WorkerdOptions = {}): Promise<Workerd> {
  const {
    configPath = AS_SHIPPED,
    vars = {},
    persistTo,
    port = 0,
    v8Flags = [],
    isInspected = false,
  } = options;
  const [{ serializeConfig }, { script, config }] = await Promise.all([
    import("miniflare"),
    bundleWorker(configPath),
  ]);
  const storage = persistTo ?? (await mkdtemp(join(tmpdir(), "poorwill-storage-")));
  await mkdir(storage, { recursive: true });
  const clean = () => rmSync(storage, { recursive: true, force: true });
  if (persistTo === undefined) process.once("exit", clean);
  const runtime = await serve(
    serializeConfig(workerdConfig(config, { script, vars, storage, port, v8Flags })),
    isInspected,
  );
  const end = async (signal: NodeJS.Signals) => {
    await endProcess(runtime.child, signal);
    if (persistTo !== undefined) return;
    process.off("exit", clean);
    clean();
  };
  return {
    port: runtime.port,
    url: `http://127.0.0.1:${runtime.port}`,
    pid: runtime.child.pid ?? 0,
    inspectorPort: runtime.inspectorPort,
    output: runtime.output,
    get isRunning() {
      return !hasEnded(runtime.child);
    },
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

/** workerd comes with Miniflare, which names the build that fits this machine. */
export function workerdPath(): string {
  const require = createRequire(createRequire(import.meta.url).resolve("miniflare"));
  return (require("workerd") as { default: string }).default;
}

async function serve(config: Buffer, isInspected: boolean) {
  const inspector = isInspected ? ["--inspector-addr=127.0.0.1:0"] : [];
  const child = spawn(workerdPath(), ["serve", "--binary", "--control-fd=3", ...inspector, "-"], {
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  const endWithThisProcess = () => child.kill("SIGKILL");
  process.once("exit", endWithThisProcess);
  child.once("exit", () => process.off("exit", endWithThisProcess));
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  }
  const output = () => chunks.join("");
  child.stdin?.end(config);
  const ports = await listeningPorts(child, isInspected);
  if (ports === undefined) throw new Error(`workerd did not start:\n${output()}`);
  return { child, output, ...ports };
}

/** The ports that workerd reports on its control pipe; undefined when it ends first. */
async function listeningPorts(child: ChildProcess, isInspected: boolean) {
  const control = child.stdio[3];
  if (!(control instanceof Readable)) throw new Error("workerd has no control pipe");
  let inspectorPort = isInspected ? undefined : 0;
  let port: number | undefined;
  for await (const line of createInterface(control)) {
    const message = JSON.parse(line) as { event: string; socket?: string; port: number };
    if (message.event === "listen-inspector") inspectorPort = message.port;
    if (message.event === "listen" && message.socket === SOCKET_NAME) port = message.port;
    if (port !== undefined && inspectorPort !== undefined) return { port, inspectorPort };
  }
  return undefined;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, "exit");
  child.kill(signal);
  // workerd lets open connections finish first, which a WebSocket never does by itself.
  const impatience = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
  await exited;
  clearTimeout(impatience);
}
