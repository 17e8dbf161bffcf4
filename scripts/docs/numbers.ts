import { heldSentence, readSoak } from "./capacity-page.ts";
import { type BenchResults, readResults } from "./results.ts";
import { formatNumber, table } from "./table.ts";

const BEGIN = "<!-- numbers: npm run docs -->\n\n";
const END = "\n\n<!-- /numbers -->";

const NODE = "ws on Node";

type Peer = "bare object" | "partyserver";

/** One line of the table, and where its numbers stand in bench/RESULTS.md. */
interface Row {
  readonly title: string;
  readonly row: string;
  readonly unit: string;
  readonly digits?: number;
  readonly against: (results: BenchResults, row: string) => string;
  /** Whether a server on Node with the package `ws` was measured too. */
  readonly hasNode?: boolean;
  /** Whether partyserver was measured too. */
  readonly hasPartyserver?: boolean;
}

const to =
  (...peers: Peer[]): Row["against"] =>
  (results, row) =>
    peers.map((peer) => `${results.ratio(row, peer).toFixed(2)} of ${nameOf(peer)}`).join(", ");

const nameOf = (peer: Peer) => (peer === "bare object" ? "bare" : peer);

const timesPartyserver: Row["against"] = (results, row) =>
  `${results.ratio(row, "partyserver").toFixed(0)} times partyserver`;

const DURABLE = "Acknowledged durable publishes, 100 × 100, 10 in flight each";
const rowsWritten: Row["against"] = (results) =>
  `${results.median(`${DURABLE}: rows/1,000 publishes`).toFixed(1)} rows written for 1,000`;

const nothing: Row["against"] = () => "";

const ROWS: readonly Row[] = [
  {
    title: "echo, 50 connections",
    row: "Echo, 50 connections: messages/s",
    unit: "messages/s",
    against: to("bare object", "partyserver"),
    hasNode: true,
    hasPartyserver: true,
  },
  {
    title: "broadcast to 100",
    row: "Broadcast, 1 sender and 100 receivers: deliveries/s",
    unit: "deliveries/s",
    against: to("bare object", "partyserver"),
    hasNode: true,
    hasPartyserver: true,
  },
  {
    title: "broadcast to 1,000",
    row: "Broadcast, 1 sender and 1,000 receivers: deliveries/s",
    unit: "deliveries/s",
    against: to("bare object", "partyserver"),
    hasNode: true,
    hasPartyserver: true,
  },
  {
    title: "memory of an idle connection",
    row: "Memory per idle connection, 2,000 in one room: KiB",
    unit: "KiB",
    against: to("bare object"),
    hasNode: true,
    hasPartyserver: true,
  },
  {
    title: "channels, 100 publishers × 100 subscribers",
    row: "Fan-out, 100 × 100, without history: deliveries/s",
    unit: "deliveries/s",
    against: timesPartyserver,
    hasNode: true,
    hasPartyserver: true,
  },
  {
    title: "the same with history",
    row: "Fan-out, 100 × 100, with history: deliveries/s",
    unit: "deliveries/s",
    against: nothing,
  },
  {
    title: "acknowledged, stored publications, 10 in flight each",
    row: `${DURABLE}: publishes/s`,
    unit: "publications/s",
    against: rowsWritten,
  },
  {
    title: "publish to receive, quiet",
    row: "Quiet latency, publish to receive, without history: p50 ms",
    unit: "ms",
    digits: 2,
    against: to("partyserver"),
    hasNode: true,
    hasPartyserver: true,
  },
];

/** The README with its table of numbers made anew from bench/RESULTS.md, and what bench/soak.json says was held. */
export function withNumbers(readme: string): string {
  const held = `The largest audience that was really held: ${heldSentence(readSoak())} [Capacity](docs/capacity.md) says what fits where.`;
  return withTable(readme, `${numbersTable(readResults())}\n\n${held}`);
}

/** docs/why.md with its table made anew: what was measured with partyserver too, side by side. */
export function withPeers(page: string): string {
  return withTable(page, peersTable(readResults()));
}

function withTable(page: string, made: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END, begin);
  if (begin === -1 || end === -1) throw new Error("the page has no place for the numbers");
  return page.slice(0, begin + BEGIN.length) + made + page.slice(end);
}

function numbersTable(results: BenchResults): string {
  const rows = ROWS.map((line) => {
    const { title, row, unit, against, hasNode = false } = line;
    const node = hasNode ? medianOf(results, line, NODE) : "";
    return [title, `${medianOf(results, line)} ${unit}`, against(results, row), node];
  });
  return table(["", "Poorwill", "against", "`ws` on Node"], rows);
}

function peersTable(results: BenchResults): string {
  const rows = ROWS.filter(({ hasPartyserver }) => hasPartyserver).map((line) => [
    `${line.title}: ${line.unit}`,
    ...[undefined, "partyserver", NODE].map((target) => medianOf(results, line, target)),
  ]);
  return table(["", "Poorwill", "PartyServer", "`ws` on Node"], rows);
}

function medianOf(results: BenchResults, { row, digits = 0 }: Row, target?: string): string {
  return formatNumber(Number(results.median(row, target).toFixed(digits)));
}
