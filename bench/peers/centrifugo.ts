import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import type { RunningTarget } from "../targets.ts";

export const CENTRIFUGO_VERSION = "v6.9.1";
const MODULE = `github.com/centrifugal/centrifugo/v6@${CENTRIFUGO_VERSION}`;
/** Where `go install` puts it; the first time takes minutes. */
const FOLDER = new URL(".build/", import.meta.url).pathname;
const START_MS = 10_000;

/** Everybody may do everything, as in the channels of the other targets. */
const CONFIG = {
  client: { insecure: true, allowed_origins: ["*"], queue_max_size: 33_554_432 },
  channel: {
    namespaces: [
      { name: "live" },
      { name: "kept", history_size: 1_000, history_ttl: "300s", force_recovery: true },
    ],
  },
  log: { level: "error" },
};

/** The program: where CENTRIFUGO says, or built by Go. Throws where there is no Go. */
export async function centrifugoProgram(): Promise<string> {
  if (process.env.CENTRIFUGO) return process.env.CENTRIFUGO;
  const environment = { ...process.env, GOBIN: FOLDER };
  await promisify(execFile)("go", ["install", MODULE], { env: environment });
  return join(FOLDER, "centrifugo");
}

/** Starts Centrifugo with its memory engine. It has channels, and no rooms. */
export async function startCentrifugo(program: string): Promise<RunningTarget> {
  const directory = await mkdtemp(join(tmpdir(), "poorwill-centrifugo-"));
  const port = await freePort();
  const file = join(directory, "config.json");
  const config = { ...CONFIG, http_server: { address: "127.0.0.1", port: String(port) } };
  await writeFile(file, JSON.stringify(config));
  const child = spawn(program, ["--config", file], { stdio: "inherit" });
  const endWithThisProcess = () => child.kill("SIGKILL");
  process.once("exit", endWithThisProcess);
  await untilListening(port);
  const pid = child.pid ?? 0;
  const stop = async () => {
    process.off("exit", endWithThisProcess);
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    await rm(directory, { recursive: true });
  };
  return { name: "Centrifugo", port, pid, path: () => "/", channels: async () => ({ port, pid }), stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}

async function untilListening(port: number): Promise<void> {
  const deadline = performance.now() + START_MS;
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const isThere = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isThere) return;
    if (performance.now() > deadline) throw new Error("Centrifugo does not listen");
    await wait(50);
  }
}
