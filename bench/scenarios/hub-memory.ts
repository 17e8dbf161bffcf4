import { decodeSessionState, encodeSessionState, newSessionState } from "../../src/sessions/state.ts";
import { HUB_LIMITS } from "../../src/shared/limits.ts";
import { Heap } from "../../test/support/heap.ts";
import { startWorkerd } from "../../test/support/workerd.ts";
import { ask, connect, encodeText } from "../channels.ts";
import { closeSockets, type LoadSocket, openSockets } from "../load.ts";
import type { Sample, Scenario } from "../scenario.ts";

const SESSIONS = 900;
const CHANNELS = 8;
/** Sessions of a full hub. */
const WOKEN = HUB_LIMITS.sockets;
const SETTLE_COLLECTIONS = 2;

/** Bytes of the heap, after a collection, for each session of a hub and each of its subscriptions. */
export const hubMemory: Scenario = {
  title: `Heap of a hub, ${SESSIONS} sessions with ${CHANNELS} channels`,
  metrics: [
    { name: `ms to decode ${WOKEN.toLocaleString("en")} sessions at a wake`, digits: 0 },
    { name: "bytes/session", digits: 0 },
    { name: "bytes/shared subscription", digits: 0 },
    { name: "bytes/private channel", digits: 0 },
  ],
  goals: [],
  maxRounds: 3,
  run: async () =>
    new Map([["poorwill", [measureWake(), ...(await measureHub("test/memory/worker/wrangler.toml"))]]]),
};

/** Milliseconds of processor time to decode what a full hub reads when it wakes. */
function measureWake(): number {
  const subscriptions = Array.from({ length: CHANNELS }, (_, channel) => ({
    channel: `live:shared/${channel}`,
    isServerSide: false,
    isPositioned: true,
    isRecoverable: true,
    wantsJoinLeave: false,
    isAnnounced: false,
    isPresent: true,
    info: undefined,
    expireAt: undefined,
    hasToken: false,
    isAdded: false,
  }));
  const texts = Array.from({ length: WOKEN }, () =>
    encodeSessionState(newSessionState(0, { encoding: "json" }), subscriptions),
  );
  const before = process.cpuUsage();
  for (const text of texts) decodeSessionState(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Measures the hub of a worker like test/memory/worker. */
export async function measureHub(configPath: string): Promise<Sample> {
  const gateway = await startWorkerd({ configPath, isInspected: true, v8Flags: ["--expose-gc"] });
  const heap = await Heap.of(gateway.inspectorPort);
  const used = async () => {
    for (let count = 0; count < SETTLE_COLLECTIONS; count += 1)
      await (await fetch(`${gateway.url}/collect`)).text();
    return heap.usedBytes();
  };
  const open = (count: number) => openSockets(gateway.port, "/hubs/edge%2Fnear", count);
  const first = await open(1);
  await connect(first);
  await subscribe(first, (_, channel) => `live:first/${channel}`);
  const steps = [await used()];
  const sockets = await open(SESSIONS);
  await connect(sockets);
  steps.push(await used());
  await subscribe(sockets, (_, channel) => `live:shared/${channel}`);
  steps.push(await used());
  await subscribe(sockets, (client, channel) => `live:private/${client}/${channel}`);
  steps.push(await used());
  heap.close();
  await closeSockets([...first, ...sockets]);
  await gateway.stop();
  const [idle = 0, connected = 0, shared = 0, own = 0] = steps;
  const subscriptions = SESSIONS * CHANNELS;
  return [
    (connected - idle) / SESSIONS,
    (shared - connected) / subscriptions,
    (own - shared) / subscriptions,
  ];
}

async function subscribe(
  sockets: readonly LoadSocket[],
  nameOf: (client: number, channel: number) => string,
): Promise<void> {
  await Promise.all(
    sockets.map((socket, client) => {
      const commands = Array.from({ length: CHANNELS }, (_, channel) =>
        JSON.stringify({ id: channel + 2, subscribe: { channel: nameOf(client, channel) } }),
      );
      return ask(socket, encodeText(commands.join("\n")), CHANNELS);
    }),
  );
}
