import { readFileSync } from "node:fs";
import { type CostCounters, UNITS, type Unit } from "../../bench/cost/counters.ts";
import { hello } from "../../src/rooms/hello.ts";
import { SESSION_LIMITS } from "../../src/shared/limits.ts";
import {
  beyondFreePlan,
  bill,
  busyShare,
  COMMIT_MILLISECONDS,
  listPrice,
  listTotal,
  STREAM_FRAME_MILLISECONDS,
  usageOf,
  usageOfIdleStreams,
  usageOfPosts,
  usageOfTicks,
  WORKER_MILLISECONDS,
} from "../cost.ts";
import { LOADS, type Load } from "../cost-loads.ts";
import { usageOfOverview, WATCHED } from "../cost-overview.ts";
import {
  BASE_FEE,
  DAYS_OF_A_MONTH,
  FREE_A_DAY,
  type Item,
  MESSAGES_PER_REQUEST,
  PRICES,
  PRICES_OF,
} from "../prices.ts";
import { formatNumber, table } from "./table.ts";

const NAMES: Readonly<Record<Item, string>> = {
  workerRequests: "Worker requests",
  workerMilliseconds: "Worker CPU, ms",
  objectRequests: "Object requests",
  gigabyteSeconds: "Object duration, GB-s",
  rowsWritten: "Rows written",
};

const UNIT_NAMES: Readonly<Record<Unit, string>> = {
  connect: "a connection that subscribes to one channel",
  ping: "a ping, for a hub",
  pingOfSocket: "a ping, for each socket of the hub",
  publishLive: "a publication without history, publisher at the home",
  publishKept: "a publication with history, publisher at the home",
  publishLiveAway: "a publication without history, publisher on another hub, which follows the home",
  publishKeptAway: "a publication with history, publisher on another hub, which follows the home",
  delivery: "each further subscriber of a publication",
};

const ITEMS = Object.keys(PRICES) as Item[];

/** What `bench/cost.ts` has counted and measured. */
export function readCounters(): CostCounters {
  return JSON.parse(readFileSync("bench/cost-counters.json", "utf8")) as CostCounters;
}

/** docs/cost.md */
export function costPage(): string {
  const counters = readCounters();
  return `# Cost

What a month of 30 days costs on Cloudflare, for five typical loads. The page is computed by \`scripts/cost.ts\` from the counts
of a measurement and the price list; change a load in \`scripts/cost-loads.ts\` and run \`npm run docs\` to compute your own. A load
that its hubs cannot carry is an error; [capacity](capacity.md) says what they can.

${summary(counters)}

**List price** is the price of the whole usage, with nothing included. **Bill** is what an account pays that runs nothing else:
${dollars(BASE_FEE)} for the plan, and the usage beyond what the plan includes. Everything in the account shares what the plan includes.

The two columns of each differ in the duration of objects. Cloudflare bills an object while it does something, and not while
it could sleep, nor in the 10 seconds before it falls asleep. "At most" is the price if every second in memory were billed.
[metrics.md](metrics.md) tells what your gateway really does: \`poorwill_hub_awake_milliseconds\`,
\`poorwill_hub_rows_written\`, \`poorwill_hub_alarms\`, \`poorwill_hub_calls_taken\`.

## Prices

Workers Paid plan, read on ${PRICES_OF}. Storage ($0.20 a GB-month beyond 5 GB), rows read ($0.001 a million beyond 25 billion) and
what is sent to clients (free) do not matter here.

${prices()}

An object request is a connection, a call from object to object or from the API, an alarm, or 20 messages from clients. What
the server sends is free, and so is the pong of a client, which the runtime answers. A deleted row counts as written, and so
does an alarm that is set. An object counts as 128 MB.

## The free plan

Objects run on the Workers Free plan too. A day of it includes ${free("workerRequests")} Worker requests of 10 ms processor time each,
${free("objectRequests")} object requests, ${free("gigabyteSeconds")} GB-s and ${free("rowsWritten")} rows written, shared by everything in the account. What is used up
fails until 00:00 UTC: without object requests nobody connects, without rows nothing is stored (error 100). The plan is
enough to try things out, and for small loads:

${freeTable(counters)}

## What was measured

${counters.measured.map((line) => `- ${line}`).join("\n")}

${unitTable(counters)}

Measured by \`node bench/cost.ts\` on the bare runtime, without compression. Milliseconds are processor time of the whole runtime
on that machine, shared with other work, so they are too many rather than too few. Two numbers are assumed: a write is durable after
${COMMIT_MILLISECONDS} ms, in which the object is busy, and the Worker needs ${WORKER_MILLISECONDS} ms for a request.

A ping is an alarm and a row for each hub, every 25 seconds: about $0.12 a month, however many sockets the hub holds.
Nothing else happens while nobody says anything, with history, presence and
joins too: an hour of 100 idle connections is 144 alarms and 144 rows, which a test counts, as another waits until each hub and room
sleeps. A longer \`pingInterval\` makes it rarer. Clients that speak Protobuf send no pong. With \`protobufPong\` they do, and each is a message
that the hub takes: ${formatNumber(pongsOfMonth())} a month for each client, about ${dollars(listPrice("objectRequests", (100 * pongsOfMonth()) / MESSAGES_PER_REQUEST))} for 100 of them. The directory (\`operations.directory\`) adds to a hub that is always busy an alarm, a call and two
rows every 8 seconds, about $0.75 a month, and to one with idle sockets a call and a row for each ping, about $0.12.

Rooms cost what happens in them: a connection is an object request, and so are 20 messages from clients. A room without ticks
and idle timeouts writes nothing. A tick is an alarm and a row. The kind \`hello\` ticks every ${tickInterval() / 1_000} seconds, in a room of its own for
each visitor of \`/ws\`: a page that is left open all month is ${formatNumber(helloMonth().objectRequests)} alarms, about ${dollars(listTotal(helloMonth()))}. A gateway
does not need that kind, nor \`/ws\`. A \`heartbeat\` costs nothing, however many sockets send it how often: the runtime answers it
without waking the room (\`bench/scenarios/heartbeat.ts\` measures that it sleeps while 1,000 sockets beat), and Cloudflare bills neither. With \`idleTimeout\`, a room is woken to look for who has gone, at most four
times in one timeout: an alarm and a row each.

A [stream over HTTP](streams.md) costs its hub what a socket costs it. Besides, each of its frames takes about
${STREAM_FRAME_MILLISECONDS} ms of the Worker, pings too: 10,000 idle streams are ${dollars(listTotal(usageOfIdleStreams(10_000)))} a month. Waiting is not billed. What clients
say is dearer: a million commands that are posted are ${dollars(listTotal(usageOfPosts(1_000_000)))}, because each is a request to the Worker and one to an
object; over WebSocket, twenty are one request to an object.

${overviewSection(counters)}

${LOADS.map((load) => section(load, counters)).join("\n\n")}
`;
}

/** Hours a month of somebody who looks all day. */
const OFFICE_HOURS = 8 * 22;

function overviewSection(counters: CostCounters): string {
  const rows = WATCHED.map((watched) => [
    watched.title,
    ...[1, OFFICE_HOURS, 24 * DAYS_OF_A_MONTH].map((hours) => {
      const { least, most } = usageOfOverview(watched, hours, counters);
      return `${dollars(listTotal(least))} to ${dollars(listTotal(most))}`;
    }),
  ]);
  return `## The overview

What an [open overview](operations.md#the-overview) costs beside the directory: a push at each report, at most one a second, to the one
hub that holds all open overviews, which is awake for it. Hubs and directory do nothing for it but what they do anyway.

${table(["It shows", "An hour", `${formatNumber(OFFICE_HOURS)} hours a month`, "All month"], rows)}

While none is open, it costs nothing. Ten that are open cost nearly what one does: each further one adds a frame to each push, which is
free, and the pings are those of the hub.`;
}

function summary(counters: CostCounters): string {
  const rows = LOADS.map((load) => {
    const { least, most } = usageOf(load, counters);
    return [
      load.title,
      dollars(listTotal(least)),
      dollars(listTotal(most)),
      dollars(bill(least)),
      dollars(bill(most)),
    ];
  });
  return table(["Load", "List price", "at most", "Bill", "at most"], rows);
}

function free(item: Item): string {
  return formatNumber(FREE_A_DAY[item]);
}

function freeTable(counters: CostCounters): string {
  const rows = LOADS.map((load) => {
    const beyond = beyondFreePlan(usageOf(load, counters).least);
    return [load.title, beyond.length === 0 ? "yes" : "no", beyond.map((item) => NAMES[item]).join("; ")];
  });
  return table(["Load", "Fits", "Too much of"], rows);
}

function tickInterval(): number {
  return hello.tickInterval ?? 0;
}

/** Pongs of one client that sends them, in a month. */
function pongsOfMonth(): number {
  return (DAYS_OF_A_MONTH * 86_400_000) / SESSION_LIMITS.pingInterval;
}

function helloMonth() {
  return usageOfTicks(tickInterval());
}

function prices(): string {
  const rows = ITEMS.map((item) => [
    NAMES[item],
    formatNumber(PRICES[item].included),
    `$${PRICES[item].perMillion}`,
  ]);
  return table(["Item", "Included a month", "A million more"], rows);
}

function unitTable({ units }: CostCounters): string {
  const rows = UNITS.map((unit) => {
    const { frames, calls, alarms, rows, milliseconds } = units[unit];
    return [
      UNIT_NAMES[unit],
      ...[frames, calls, alarms, rows, milliseconds].map((value) => String(round(value))),
    ];
  });
  return table(["Unit", "Messages", "Calls", "Alarms", "Rows", "ms"], rows);
}

function section(load: Load, counters: CostCounters): string {
  const { least, most } = usageOf(load, counters);
  const rows = ITEMS.map((item) => [
    NAMES[item],
    amount(item, least[item], most[item]),
    item === "gigabyteSeconds"
      ? `${dollars(listPrice(item, least[item]))} to ${dollars(listPrice(item, most[item]))}`
      : dollars(listPrice(item, least[item])),
  ]);
  return `## ${load.title}

${load.story}

${table(["Item", "A month", "List price"], rows)}

${publishingOf(load)}

${busySentence(load, counters)}`;
}

function amount(item: Item, least: number, most: number): string {
  const whole = (value: number) => formatNumber(Math.round(value));
  return item === "gigabyteSeconds" ? `${whole(least)} to ${whole(most)}` : whole(least);
}

/** The arithmetic in words: how often each thing happens. */
function publishingOf({ hours, connectsPerHour, hubs, publishing }: Load): string {
  const lines = [
    `${formatNumber(hours)} hours × ${formatNumber(round(connectsPerHour))} connections an hour`,
    ...hubs
      .filter(({ sockets }) => sockets > 0)
      .map(
        ({ hubs, sockets }) =>
          `${hubs} × ${formatNumber((hours * 3_600) / 25)} pings of ${formatNumber(sockets)} sockets`,
      ),
    ...publishing.map(
      ({ unit, perHour, receivers, byApi }) =>
        `${formatNumber(hours)} hours × ${formatNumber(perHour)} publications (${UNIT_NAMES[unit]}${byApi ? "; here over HTTP" : ""}), each to ${formatNumber(receivers)}`,
    ),
  ];
  return lines.map((line) => `- ${line}`).join("\n");
}

function busySentence(load: Load, counters: CostCounters): string {
  const percent = busyShare(load, counters) * 100;
  const share = percent < 0.1 ? "less than 0.1" : percent.toFixed(1);
  return `The hubs that hold the connections are busy for ${share} % of the time.`;
}

function dollars(value: number): string {
  return `$${value.toFixed(2)}`;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
