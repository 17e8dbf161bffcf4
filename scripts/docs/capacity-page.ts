import { readFileSync } from "node:fs";
import type { CapacityResults, Lateness, Wake } from "../../bench/capacity/results.ts";
import { MOST_HEAP_GROWTH, type SoakResults } from "../../bench/soak/results.ts";
import { HUB_LIMITS, ROOM_LIMITS } from "../../src/shared/limits.ts";
import {
  AUDIENCES,
  callMilliseconds,
  dollarsOf,
  HOURS,
  OCEAN_MILLISECONDS,
  PER_SECOND,
  REGIONS_OF_A_CONTINENT,
  type Spread,
  spread,
} from "../capacity.ts";
import { readCounters } from "./cost-page.ts";
import { formatNumber, table } from "./table.ts";

const MB = 1_000_000;

/** What `npm run capacity` has measured. */
export function readCapacity(): CapacityResults {
  return JSON.parse(readFileSync("bench/capacity.json", "utf8")) as CapacityResults;
}

/** What `npm run soak` has measured. */
export function readSoak(): SoakResults {
  return JSON.parse(readFileSync("bench/soak.json", "utf8")) as SoakResults;
}

/** docs/capacity.md */
export function capacityPage(): string {
  const results = readCapacity();
  const soak = readSoak();
  return `# Capacity

How many connections fit into a hub, a room and a region, and how late their messages are. \`npm run capacity\` measures it, and
\`npm run docs\` computes this page from that and from [the limits](limits.md); [cost](cost.md) says what it costs. Measured on one
machine, with the load on it too, so the times are too long rather than too short:

${results.measured.map((line) => `- ${line}`).join("\n")}

## An audience on three continents

One channel with history, in which a backend publishes over HTTP ${PER_SECOND === 1 ? "once" : `${PER_SECOND} times`} a second. Each continent has a third of the listeners,
spread over its ${REGIONS_OF_A_CONTINENT} regions (Europe and America have an east and a west), on edge hubs of at most ${formatNumber(HUB_LIMITS.sockets)} connections.

${spreadTable(results)}

- **Seconds** until the last listener has a publication: the home calls one hub after the other (${brief(callMilliseconds(results))} ms each), an ocean is
  ${OCEAN_MILLISECONDS} ms (assumed), and the hub sends to all its listeners.
- **Calls** for each publication: one for each hub. Publications that come while a call is under way share the next one.
- **Dollars**: the list price of an hour in which everybody connects once; at most if every second in memory were billed.
- **Publications a second**: what breaks first if you publish more. Past that, publications wait and leave together: the last
  listener gets them later, and while a hub's flushes are ${HUB_LIMITS.flushLag} ms late it takes no newcomers.
- A region has ${HUB_LIMITS.edgeHubs} edge hubs, so it holds ${formatNumber(HUB_LIMITS.edgeHubs * HUB_LIMITS.sockets)} connections; further ones get 503. A new connection asks one hub after the other, from
  the last one on that had room.

## A hub, and a channel

One channel without history whose subscribers are all at its home. The last of them gets a message when all others have it:

${latenessTable("Subscribers", results.hubs, ({ subscribers }) => subscribers)}

A hub takes ${formatNumber(HUB_LIMITS.sockets)} connections (\`sockets\`), for the sake of the last one: an audience beyond that is faster on several hubs. The row
beyond it was measured with the limit set higher.

Presence of a channel with so many members at its home; \`presence\` lists them all, \`presence_stats\` counts them:

${presenceTable(results)}

## A home and its followers

One channel whose subscribers are spread over many hubs, five at each. Here all hubs share one thread; on Cloudflare, the
followers do their part at the same time.

${latenessTable("Followers", results.followers, ({ hubs }) => hubs)}

## A room

A room that passes on what one socket sends to all others. It sends frame by frame, as a plain client expects, so it is slower than
a channel when many messages come at once. A room takes ${formatNumber(ROOM_LIMITS.sockets)} sockets unless its kind says otherwise.

${latenessTable("Subscribers", results.rooms, ({ subscribers }) => subscribers)}

## Memory

An object has 128 MB. What a session of a hub takes of the JavaScript heap after a collection, in bytes, by its
subscriptions: if all sessions share the same channels, and if each channel has this one subscriber. A socket of a room takes
${formatNumber(results.roomSocket)} bytes.

${sessionTable(results)}

A hub admits by an estimate of its memory ([limits](limits.md#what-a-hub-promises)): past ${mebibytes(HUB_LIMITS.newcomerMemory)} newcomers go to the next hub, past
${mebibytes(HUB_LIMITS.subscriptionMemory)} there are no more subscriptions. So many sessions of one kind fit until newcomers go on, in a heap of 128 MB. Then the hub fell asleep
and was woken, which reads everything back: the peak is the most that was in use meanwhile, garbage among it.

${wakeTable(results.wakes)}

The rest of the 128 MB is for messages on their way: \`test/memory\` sends a hub the worst bursts that clients may send.

## Held for minutes

${heldSentence(soak)} Each connection took ${formatNumber(soak.heap)} bytes of the
JavaScript heap at the end, and ${growthOf(soak.heapGrowth)} after the first minute; more than ${MOST_HEAP_GROWTH} bytes for each fails the soak. The process,
buffers of the runtime and sockets among it, took ${formatNumber(Math.round(soak.resident / 1_024))} KiB for each.

\`npm run soak -- --minutes 60\` holds longer. workerd has two files open for each connection: with 20,000 files, one process holds about
9,900 connections.
`;
}

/** What was really held, in one sentence. */
export function heldSentence(soak: SoakResults): string {
  const { sockets, hubs, socketsPerHub, minutes, publications, deliveries, drops, lost, repeated } = soak;
  const outcome =
    lost + repeated === 0 ? "nothing was lost or repeated" : `${lost} were lost and ${repeated} repeated`;
  return `${formatNumber(sockets)} real sockets on one hub, and ${hubs} hubs of ${socketsPerHub} that follow it, were held for ${minutes} minutes: ${formatNumber(publications)} publications, ${formatNumber(deliveries)} deliveries, ${formatNumber(drops)} connections that were cut and came back, and ${outcome}.`;
}

function growthOf(bytes: number): string {
  return bytes > 0 ? `grew by ${formatNumber(bytes)} bytes a minute` : "did not grow";
}

function spreadTable(results: CapacityResults): string {
  const counters = readCounters();
  const rows = AUDIENCES.map((listeners) => {
    const audience = spread(listeners, results);
    const { least, most } = dollarsOf(audience, counters);
    return [
      formatNumber(listeners),
      `${audience.hubs}${audience.fits ? "" : " (there are not that many)"}`,
      formatNumber(audience.hubs),
      (audience.last / 1_000).toFixed(1),
      `$${least.toFixed(2)} to $${most.toFixed(2)}`,
      whatBreaksFirst(audience),
    ];
  });
  const price = `Dollars for ${HOURS === 1 ? "an hour" : `${HOURS} hours`}`;
  return table(["Listeners", "Hubs", "Calls", "Seconds", price, "Publications a second"], rows);
}

function whatBreaksFirst({ fits, hubs, ofHome, ofHub, listenersOfHub }: Spread): string {
  if (!fits) return "none: the region has too few hubs";
  return ofHome < ofHub
    ? `${brief(ofHome)}: the home calls ${hubs} hubs`
    : `${brief(ofHub)}: each hub sends to ${formatNumber(listenersOfHub)}`;
}

/** How late messages are, by the number of those who get them. */
function latenessTable<Measured extends Lateness>(
  who: string,
  measured: readonly Measured[],
  countOf: (measured: Measured) => number,
): string {
  return table(
    [who, "The last one after, ms", "At worst, ms", "Publications a second"],
    measured.map((each) => [
      formatNumber(countOf(each)),
      ...[each.last, each.worst, each.perSecond].map(brief),
    ]),
  );
}

function presenceTable({ presence }: CapacityResults): string {
  return table(
    ["Members", "`presence`, ms", "`presence_stats`, ms"],
    presence.map(({ members, list, stats }) => [formatNumber(members), brief(list), brief(stats)]),
  );
}

function sessionTable({ sessions }: CapacityResults): string {
  return table(
    ["Subscriptions", "Shared", "Its own"],
    sessions.map(({ subscriptions, shared, own }) => [
      formatNumber(subscriptions),
      formatNumber(shared),
      formatNumber(own),
    ]),
  );
}

function wakeTable(wakes: readonly Wake[]): string {
  return table(
    ["Subscriptions of each", "Sessions", "Estimated, MB", "At rest, MB", "Peak of the wake, MB", "Wake, ms"],
    wakes.map(({ subscriptions, sharing, sessions, estimated, rest, peak, milliseconds }) => [
      `${subscriptions} ${sharing === "own" ? "of its own" : "that all share"}`,
      formatNumber(sessions),
      ...[estimated, rest, peak].map((bytes) => Math.round(bytes / MB).toString()),
      formatNumber(milliseconds),
    ]),
  );
}

/** Milliseconds, or a rate. */
function brief(value: number): string {
  return value < 10 ? value.toFixed(1) : formatNumber(Math.round(value));
}

function mebibytes(bytes: number): string {
  return `${bytes / 1_048_576} MiB`;
}
