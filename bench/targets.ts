import { fork } from "node:child_process";
import { once } from "node:events";
import { AS_SHIPPED } from "../test/support/as-shipped.ts";
import { startWorkerd, type Workerd } from "../test/support/workerd.ts";

/** What a room does: echo to the sender, or pass on to everyone else. */
export type RoomKind = "echo" | "broadcast";

/** A server under measurement. */
export interface Target {
  readonly name: string;
  readonly start: () => Promise<RunningTarget>;
}

export interface RunningTarget {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  /** The path of a room. */
  readonly path: (kind: RoomKind, room: string) => string;
  /** The path of a room that stores each message before it broadcasts it. */
  readonly keptPath?: (room: string) => string;
  /** The server with this target's channels, which starts when it is first asked for. */
  readonly channels?: () => Promise<ChannelServer>;
  readonly stop: () => Promise<void>;
}

/** Poorwill with channels that everybody may use, and which counts what its hubs do. */
export type ChannelServer = Pick<RunningTarget, "port" | "pid">;

type Path = RunningTarget["path"];

const directory = import.meta.dirname;

/** The target that all others are compared with: what the runtime can do at most. */
export const BASELINE = "bare object";

export const TARGETS: readonly Target[] = [
  withChannels(
    workerd("poorwill", `${directory}/../${AS_SHIPPED}`, (kind, room) => `/rooms/${kind}/${room}`),
    `${directory}/peers/workers/channels.toml`,
  ),
  workerd("packed", `${directory}/peers/workers/packed.toml`, (kind, room) => `/rooms/${kind}/${room}`),
  withKeptRooms(
    workerd(BASELINE, `${directory}/peers/workers/bare.toml`, (kind, room) => `/${kind}/${room}`),
    (room) => `/kept/${room}`,
  ),
  workerd(
    "partyserver",
    `${directory}/peers/workers/partyserver.toml`,
    (kind, room) => `/parties/${kind}/${room}`,
  ),
  { name: "ws on Node", start: () => startNode("ws on Node") },
];

function workerd(name: string, configPath: string, path: Path): Target {
  const start = async () => {
    // The kinds that ship are there in development only.
    const { port, pid, stop } = await startWorkerd({ configPath, vars: { ENVIRONMENT: "development" } });
    return { name, port, pid, path, stop };
  };
  return { name, start };
}

function withKeptRooms({ name, start }: Target, keptPath: (room: string) => string): Target {
  return { name, start: async () => ({ ...(await start()), keptPath }) };
}

function withChannels({ name, start }: Target, configPath: string): Target {
  const startBoth = async () => {
    const rooms = await start();
    let server: Promise<Workerd> | undefined;
    const channels = () => {
      server ??= startWorkerd({ configPath });
      return server;
    };
    const stop = async () => {
      await rooms.stop();
      await (await server)?.stop();
    };
    return { ...rooms, channels, stop };
  };
  return { name, start: startBoth };
}

async function startNode(name: string): Promise<RunningTarget> {
  const child = fork(`${directory}/peers/ws.ts`);
  const exited = once(child, "exit");
  const [port] = (await Promise.race([
    once(child, "message"),
    exited.then(([code]) => Promise.reject(new Error(`${name} ended with ${code}`))),
  ])) as [number];
  const stop = async () => {
    child.kill();
    await exited;
  };
  return { name, port, pid: child.pid ?? 0, path: (kind, room) => `/${kind}/${room}`, stop };
}

export function startTargets(targets: readonly Target[]): Promise<RunningTarget[]> {
  return Promise.all(targets.map((target) => target.start()));
}

export async function stopTargets(targets: readonly RunningTarget[]): Promise<void> {
  await Promise.all(targets.map((target) => target.stop()));
}
