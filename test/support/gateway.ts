/** The gateway as `npm start` runs a new one, for suites that need the whole of it: routes, assets, objects. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AS_SHIPPED } from "./as-shipped.ts";
import { PATIENCE_MS } from "./patience.ts";

export interface GatewayOptions {
  /** The worker to serve; the gateway as it ships unless given. */
  readonly configPath?: string;
  /** A free one unless given. */
  readonly port?: number;
  /** Where objects keep their storage; a new directory, deleted by `stop`, unless given. */
  readonly persistTo?: string;
  /** Variables of the Worker, beside `ENVIRONMENT=development`. */
  readonly vars?: Readonly<Record<string, string>>;
}

export interface Gateway {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** Ends every process of this gateway. */
  stop(): Promise<void>;
  /** What it has printed so far. */
  output(): string;
}

const ROOT = join(import.meta.dirname, "../..");
const BINARIES = join(ROOT, "node_modules/.bin");
const STOP_MS = 5_000;

/**
 * Starts a gateway, and returns when it answers.
 *
 * @throws when it ends or does not answer in time, with what it printed.
 * @example const gateway = await startGateway({ vars: { ALLOWED_ORIGINS: "https://example.com" } });
 */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const port = options.port ?? (await findFreePort());
  const scratch = await mkdtemp(join(tmpdir(), "poorwill-gateway-"));
  const persistTo = options.persistTo ?? join(scratch, "state");
  const child = spawnWrangler(port, await findFreePort(), persistTo, scratch, options);
  const output = collectOutput(child);
  const killAtExit = () => signalGroup(child, "SIGKILL");
  process.once("exit", killAtExit);
  const stop = async () => {
    await killGroup(child);
    process.off("exit", killAtExit);
    await rm(scratch, { recursive: true, force: true });
  };
  const gateway = { url: `http://127.0.0.1:${port}`, port, stop, output };
  try {
    await waitUntilHealthy(gateway.url, child);
  } catch (error) {
    await stop();
    throw new Error(`the gateway did not start: ${output()}`, { cause: error });
  }
  return gateway;
}

/** A port of 127.0.0.1 that nobody listens on now. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

function spawnWrangler(
  port: number,
  inspectorPort: number,
  persistTo: string,
  scratch: string,
  { vars = {}, configPath = AS_SHIPPED }: GatewayOptions,
): ChildProcess {
  const variables = Object.entries({ ENVIRONMENT: "development", ...vars });
  const options = [
    ["--config", configPath],
    ["--ip", "127.0.0.1", "--port", `${port}`, "--inspector-port", `${inspectorPort}`],
    ["--persist-to", persistTo, "--show-interactive-dev-session", "false"],
    ...variables.map(([name, value]) => ["--var", `${name}:${value}`]),
  ].flat();
  // Detached makes a process group: wrangler starts workerd and esbuild, which outlive it when it alone is killed.
  return spawn(join(BINARIES, "wrangler"), ["dev", ...options], {
    cwd: ROOT,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      PATH: `${BINARIES}${delimiter}${process.env.PATH ?? ""}`,
      CI: "true",
      NO_COLOR: "1",
      WRANGLER_REGISTRY_PATH: join(scratch, "registry"),
    },
  });
}

function collectOutput(child: ChildProcess): () => string {
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  }
  return () => chunks.join("");
}

async function waitUntilHealthy(url: string, child: ChildProcess): Promise<void> {
  const deadline = AbortSignal.timeout(PATIENCE_MS);
  while (!(await isHealthy(url))) {
    if (hasEnded(child)) throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`);
    await delay(100, undefined, { signal: deadline });
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}

async function killGroup(child: ChildProcess): Promise<void> {
  const ended = hasEnded(child) ? Promise.resolve() : once(child, "exit");
  signalGroup(child, "SIGTERM");
  await Promise.race([ended, delay(STOP_MS, undefined, { ref: false })]);
  // What ignored SIGTERM, or was left by wrangler, goes now: the group lives as long as one of its processes.
  signalGroup(child, "SIGKILL");
  await ended;
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}
