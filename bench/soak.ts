/**
 * Thousands of real sockets on one hub, and hubs that follow it, for three minutes: `npm run soak`, or `npm run soak --
 * --minutes 60`. Fails when anything was lost or repeated, or memory grew. Writes bench/soak.json, for docs/capacity.md.
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { connectionsUpTo } from "./capacity/connections.ts";
import { CapacityGateway } from "./capacity/gateway.ts";
import { exitOnSignals } from "./exit-on-signals.ts";
import { describeMachine } from "./machine.ts";
import { growth, type MemorySample } from "./soak/memory.ts";
import { MOST_HEAP_GROWTH, type SoakResults } from "./soak/results.ts";
import { soak } from "./soak/soak.ts";
import { residentBytes } from "./usage.ts";

/** Sockets of the one hub, where the machine allows a process that many open files. */
const MOST_SOCKETS = 10_000;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "3" },
    sockets: { type: "string", default: "" },
    hubs: { type: "string", default: "40" },
    each: { type: "string", default: "25" },
  },
});
const minutes = Number(values.minutes);
const hubs = Number(values.hubs);
const socketsPerHub = Number(values.each);
const following = hubs * socketsPerHub;
const sockets =
  values.sockets === "" ? connectionsUpTo(MOST_SOCKETS + following) - following : Number(values.sockets);

const MINUTE = 60_000;
const SAMPLE_MS = 10_000;
const connections = sockets + following;

exitOnSignals();
const gateway = await CapacityGateway.start({ sockets: sockets + connections, pingSeconds: 25 });
const samples: MemorySample[] = [];
let start = 0;
console.error(`${connections} connections`);
const soaked = await soak(gateway, {
  sockets,
  hubs,
  socketsPerHub,
  drops: 50,
  roundMs: 2_000,
  goesOn(rounds) {
    if (rounds === 0) start = performance.now();
    return performance.now() - start < minutes * MINUTE;
  },
  async onRound() {
    const at = performance.now() - start;
    if (at - (samples.at(-1)?.at ?? 0) < SAMPLE_MS) return;
    samples.push({ at, heap: await gateway.usedBytes(), resident: await residentBytes(gateway.pid) });
    console.error(`${Math.round(at / 1_000)} s: ${JSON.stringify(samples.at(-1))}`);
  },
});
await gateway.stop();

const later = samples.filter(({ at }) => at >= Math.min(MINUTE, (minutes * MINUTE) / 3));
const last = samples.at(-1);
const perConnection = (bytes: number) => Math.round(bytes / connections);
const results: SoakResults = {
  measured: await describeMachine(),
  minutes,
  sockets,
  hubs,
  socketsPerHub,
  ...soaked,
  heap: perConnection(last?.heap ?? Number.NaN),
  heapGrowth: perConnection(growth(later, "heap")),
  resident: perConnection(last?.resident ?? Number.NaN),
  residentGrowth: perConnection(growth(later, "resident")),
};
console.log(results);
const { lost, repeated, heapGrowth, deliveries, publications } = results;
const isSound =
  lost + repeated === 0 && deliveries === publications * connections && !(heapGrowth > MOST_HEAP_GROWTH);
if (isSound) await writeFile(new URL("soak.json", import.meta.url), `${JSON.stringify(results, null, 2)}\n`);
process.exit(isSound ? 0 : 1);
