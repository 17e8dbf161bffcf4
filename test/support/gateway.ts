/** The gateway as `npm start` runs a new one, for suites that need the whole of it: routes, assets, objects. */

import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AS_SHIPPED } from "./as-shipped.ts";
import { PATIENCE_MS } from "./patience.ts";
import { type ProcessGroup, startGroup } from "./process-group.ts";

export interface GatewayOptions {
  /** The worker to serve; the gateway as it ships unless given. */
  readonly configPath?: string;
  /** A free one unless given. */
  readonly port?: number;
  /** Where objects keep their storage; a new directory, deleted by `stop`, unless given. */
  readonly persistTo?: string;
  /** Where it answers when it is up; `/healthz` unless given. */
  readonly healthPath?: string;
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
  const wrangler = startWrangler(port, await findFreePort(), persistTo, scratch, options);
  const { output } = wrangler;
  const stop = async () => {
    await wrangler.stop();
    await rm(scratch, { recursive: true, force: true });
  };
  const gateway = { url: `http://127.0.0.1:${port}`, port, stop, output };
  try {
    await waitUntilAnswered(gateway.url + (options.healthPath ?? "/healthz"), wrangler);
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

function startWrangler(
  port: number,
  inspectorPort: number,
  persistTo: string,
  scratch: string,
  { vars = {}, configPath = AS_SHIPPED }: GatewayOptions,
): ProcessGroup {
  const variables = Object.entries({ ENVIRONMENT: "development", ...vars });
  const options = [
    ["--config", configPath],
    ["--ip", "127.0.0.1", "--port", `${port}`, "--inspector-port", `${inspectorPort}`],
    ["--persist-to", persistTo, "--show-interactive-dev-session", "false"],
    ...variables.map(([name, value]) => ["--var", `${name}:${value}`]),
  ].flat();
  return startGroup(join(BINARIES, "wrangler"), ["dev", ...options], {
    cwd: ROOT,
    env: environment(scratch),
  });
}

/** Of a program that runs wrangler, on the Node and with the tools of this repository. */
export function environment(scratch: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: `${BINARIES}${delimiter}${process.env.PATH ?? ""}`,
    CI: "true",
    NO_COLOR: "1",
    WRANGLER_REGISTRY_PATH: join(scratch, "registry"),
  };
}

/** Waits until an address is answered, and not by an error of the server. Throws when the program that should answer has ended, or takes too long. */
export async function waitUntilAnswered(url: string, program: ProcessGroup): Promise<void> {
  const deadline = AbortSignal.timeout(PATIENCE_MS);
  while (!(await isAnswered(url))) {
    const end = program.ended();
    if (end !== undefined) throw new Error(`it ended with ${end}`);
    await delay(100, undefined, { signal: deadline });
  }
}

async function isAnswered(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.status < 500;
  } catch {
    return false;
  }
}
