import { channelOf, closeScene, connect, encodePublish, hubPath, type Scene } from "../channels.ts";
import { watch } from "../clock.ts";
import { readCounts } from "../hub-counts.ts";
import { type LoadSocket, openSockets } from "../load.ts";
import { inTurn, type Round, type Sample, type Scenario } from "../scenario.ts";
import type { RunningTarget } from "../targets.ts";
import { PublishLoad } from "./durable-publishes.ts";

const SUBSCRIBERS = 96;
const PUBLISHERS = 96;
/** Publishes are counted, not timed, so a few rounds tell as much as many. */
const ROUNDS = 3;

/** How many calls from hub to hub a publish costs, when the subscribers are on so many hubs beside the home. */
export function calls(followers: number): Scenario {
  return {
    title: `Calls between hubs, ${followers} ${followers === 1 ? "follower" : "followers"}`,
    metrics: [
      { name: "calls/publish, 1 publisher at the home", digits: 2 },
      { name: `calls/publish, ${PUBLISHERS} publishers at the home`, digits: 2 },
      { name: `calls/publish, ${PUBLISHERS} publishers at the followers`, digits: 2 },
    ],
    goals: [],
    maxRounds: ROUNDS,
    run: (round) => inTurn(round, (target) => sample(target, followers, round)),
  };
}

async function sample(target: RunningTarget, followers: number, round: Round): Promise<Sample> {
  if (target.channels === undefined) return [];
  const server = await target.channels();
  const values: number[] = [];
  for (const [index, where] of (["home alone", "home", "followers"] as const).entries()) {
    const name = `calls-${followers}-${round.number}-${index}`;
    values.push(await callsPerPublish(server, { where, followers, name }, round));
  }
  return values;
}

interface Placement {
  /** Where the publishers are; "home alone": there is only one. */
  readonly where: "home alone" | "home" | "followers";
  readonly followers: number;
  readonly name: string;
}

async function callsPerPublish(
  server: { readonly port: number; readonly pid: number },
  { where, followers, name }: Placement,
  { timing }: Round,
): Promise<number> {
  const { port, pid } = server;
  const channel = channelOf({ hasHistory: true, name });
  const home = `home/${channel}`;
  const edges = Array.from({ length: followers }, (_, index) => `edge/${name}/${index}`);
  const open = async (hubs: readonly string[], count: number) => {
    const each = count / hubs.length;
    const sockets: LoadSocket[] = [];
    for (const hub of hubs) sockets.push(...(await openSockets(port, hubPath(hub), each)));
    return sockets;
  };
  const subscribers = await open(edges, SUBSCRIBERS);
  await connect(subscribers, channel);
  const publishers = await open(
    where === "followers" ? edges : [home],
    where === "home alone" ? 1 : PUBLISHERS,
  );
  await connect(publishers);
  const count = async () => {
    const counts = await Promise.all([home, ...edges].map((hub) => readCounts(port, hub)));
    return counts.reduce((sum, { calls }) => sum + calls, 0);
  };
  const before = await count();
  const scene: Scene = { publishers, subscribers, message: encodePublish(channel), copies: SUBSCRIBERS, pid };
  const load = new PublishLoad(scene, 1);
  await watch(pid, { ...timing, warmUp: 0 }, () => load.acknowledged);
  await load.stop();
  const after = await count();
  await closeScene(scene);
  return (after - before) / load.acknowledged;
}
