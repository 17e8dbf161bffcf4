import { readFileSync } from "node:fs";
import { type Compared, type CompareResults, OURS } from "../../bench/compare/results.ts";
import { formatNumber, table } from "./table.ts";

/** Stands where a target has nothing of the kind. */
const NOTHING = "–";
/** Within this share of each other, two values are alike. */
const ALIKE = 0.1;

/** Why a peer is faster, where one is. */
const REASONS: Readonly<Record<string, string>> = {
  "ws on Node":
    "`ws` runs in Node without a sandbox, and nothing stands between a socket and the handler. Every message of a Durable Object crosses from the runtime's network thread into an isolate, waits for the output gate and goes back. A bare object without any gateway is as slow ([the benchmark](../bench/RESULTS.md) measures it beside Poorwill), so this is the price of the runtime, in return for sleep, storage and no server.",
  partyserver:
    "PartyServer runs on the same runtime and does less for each message and each connection: it has no history, no acknowledgements, no recorder and no limits.",
  Centrifugo:
    "Centrifugo is a program of its own in Go and uses all cores, where an object has one thread. Its memory engine keeps history in memory, so a publication is acknowledged before it is on any disk and is gone after a restart; Poorwill acknowledges what is stored. In the storm and in memory, most of what a connection takes is the runtime's: PartyServer's value, on the same runtime and without recovery, shows how much.",
};

/** What `npm run compare` has measured. */
export function readCompare(): CompareResults {
  return JSON.parse(readFileSync("bench/compare.json", "utf8")) as CompareResults;
}

/** docs/compare.md */
export function comparePage(): string {
  const { measured, comparisons, leftOut } = readCompare();
  const targets = targetsOf(comparisons);
  return `# Compared with others

The same work for Poorwill and its peers, in one run on one machine: \`npm run compare\` measures, and \`npm run docs\` makes this page
of it. Server and load share the machine, so only the comparison says something. Each value is the median of three runs, each in a
new process.

${measured.map((line) => `- ${line}`).join("\n")}

${table(
  ["", ...targets],
  comparisons.map((compared) => rowOf(compared, targets)),
)}

${leftOut.map(({ peer, why }) => `Left out: ${peer}: ${why}.`).join("\n\n")}

## What is not alike

- **Plain sockets** (echo, broadcast): a room of Poorwill, a PartyServer, a \`ws\` server of 30 lines. Centrifugo has no plain sockets.
- **Fan-out**: a channel of Poorwill or Centrifugo, in the same protocol. The other two have no channels, and broadcast in a room.
- **Publications with history**: Poorwill's are in SQLite when they are acknowledged, Centrifugo's in the memory of its process. The
  other two have neither history nor acknowledgements.
- **Reconnect storm**: subscribers of a channel are cut off at once, miss five publications, come back a hundred at a time, and
  must each get the five, once. At PartyServer and \`ws\` they only connect again, 25 at a time, and have lost what was sent.
- **Memory** is that of the process, divided by the connections. Of an object's 128 MB, a session takes much less
  ([capacity](capacity.md#memory)): most of it is buffers of the runtime. A connection keeps them while its object sleeps, and is not billed for it.

## Where a peer is faster, and why

${fasterSection(comparisons)}
`;
}

function targetsOf(comparisons: readonly Compared[]): string[] {
  return [...new Set(comparisons.flatMap(({ medians }) => Object.keys(medians)))];
}

function rowOf({ title, unit, medians }: Compared, targets: readonly string[]): string[] {
  return [`${title}: ${unit}`, ...targets.map((target) => shownValue(medians[target]))];
}

function shownValue(value: number | undefined): string {
  if (value === undefined) return NOTHING;
  return value < 100 ? value.toPrecision(3) : formatNumber(Math.round(value));
}

/** Each peer that is clearly better in something, in what, and for which reason. */
function fasterSection(comparisons: readonly Compared[]): string {
  const sections = targetsOf(comparisons).flatMap((peer) => {
    const better = comparisons.filter((compared) => isBetter(compared, peer));
    if (better.length === 0) return [];
    const reason = REASONS[peer];
    if (reason === undefined) throw new Error(`nothing says why ${peer} is faster`);
    const list = better.map(
      (compared) => `- ${compared.title}: ${timesBetter(compared, peer).toFixed(1)} times`,
    );
    return [`### ${peer}\n\n${list.join("\n")}\n\n${reason}`];
  });
  return sections.join("\n\n") || "Nowhere, in this run.";
}

function isBetter(compared: Compared, peer: string): boolean {
  return timesBetter(compared, peer) > 1 + ALIKE;
}

/** How many times as good a peer is as this gateway; NaN where one of them was not measured. */
function timesBetter({ medians, isLessBetter }: Compared, peer: string): number {
  const ratio = (medians[peer] ?? Number.NaN) / (medians[OURS] ?? Number.NaN);
  return isLessBetter ? 1 / ratio : ratio;
}
