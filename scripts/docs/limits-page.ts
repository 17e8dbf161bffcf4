import { globSync, readFileSync } from "node:fs";
import { DEFAULT_CONNECTION } from "../../src/config/connection.ts";
import { HTTP_ERRORS } from "../../src/shared/codes.ts";
import * as limits from "../../src/shared/limits.ts";
import { readCapacity } from "./capacity-page.ts";
import { commentsOf } from "./comments.ts";
import { readCounters } from "./cost-page.ts";
import { exposureSection } from "./exposure-section.ts";
import { LIMIT_NOTES, type LimitAnswer, type LimitNote, type Unit } from "./limit-notes.ts";
import { formatNumber, table } from "./table.ts";

type Group = keyof typeof LIMIT_NOTES;

const TITLES: Readonly<Record<Group, string>> = {
  SESSION_LIMITS: "Connections of the channel protocol",
  JSON_LIMITS: "JSON",
  HTTP_STREAM_LIMITS: "HTTP streams",
  CHANNEL_LIMITS: "Channels",
  WORKER_LIMITS: "Connection attempts",
  API_LIMITS: "HTTP server API",
  BLOCK_LIMITS: "Blocked users",
  OPERATOR_TOKEN_LIMITS: "Tokens of operators",
  ROOM_LIMITS: "Plain rooms",
  OBJECT_LIMITS: "Objects",
  TOKEN_LIMITS: "Tokens",
  REGEX_LIMITS: "Regular expressions of the configuration",
  PROXY_LIMITS: "Requests to a backend",
  EVENT_LIMITS: "Events for a backend",
  HUB_LIMITS: "Hubs",
  REPORT_LIMITS: "Metrics and the directory",
  RECORDER_LIMITS: "The flight recorder",
  OVERVIEW_LIMITS: "The overview",
  TRACE_LIMITS: "Traces",
  BUDGET_LIMITS: "The budget of a day",
};

const VALUES: Readonly<Record<Group, Readonly<Record<string, number>>>> = limits;

/** docs/limits.md */
export function limitsPage(): string {
  return `# Limits

Everything that a client, a backend or an operator can make large has a limit. All of them are on by default. They stand in
\`src/shared/limits/\`; this page is made from it, \`npm run docs\` writes it.

The last two columns say how the one who goes over a limit is answered, and whether a client then comes back by itself.
"—" means that nobody is answered: the gateway keeps to the limit by itself. [codes.md](codes.md) says what the codes mean.

${(Object.keys(TITLES) as Group[]).map(section).join("\n\n")}

${exposureSection(readCounters())}

## What a hub promises

- **Lateness**: \`sockets\`. In a channel to which everybody in a hub is subscribed, the last subscriber waits for all others:
  ${lateness()}. More clients spread over more hubs; [capacity](capacity.md) has the measurements.
- **Load**: \`flushLag\`. A hub whose last flush was later than that is overloaded, and new clients go to the next hub until it has
  caught up. Its own clients stay.
- **Memory**: \`newcomerMemory\` and \`subscriptionMemory\`. An object has 128 MB, and one that outgrows them is reset with all its
  connections. What a hub holds is estimated as 1,000 bytes for a session, 100 for a subscription, 300 for a channel (twice
  for one whose home is elsewhere), one for each character of users, infos and names, and what the
  [flight recorder](tracing.md) takes. Past the first limit, new clients
  go to the next hub; past the second, nobody gets more subscriptions. The rest of the 128 MB is for messages on their way.
  \`poorwill_hub_memory_bytes\` in [metrics](metrics.md) tells how much a hub holds.

## What the rates are for

A session may send 100 commands a second, after a burst of 1,000, and 1 MiB a second, after a burst of 2 MiB. That is for
browsers: the 100 subscribes of an SDK's first frame pass, and so do a batch of 300 publishes and a pointer that is published
60 times a second. Bytes cost more than commands: reading 64 KiB of small lists takes a hub up to 3 ms. A program that
publishes more than that over a WebSocket needs another rate; the [HTTP API](api.md) has one for each key.

\`\`\`ts
connection: {
  commandRate: { perSecond: 10_000, burst: 20_000 },
  byteRate: { perSecond: 8_388_608, burst: 16_777_216 },
},
\`\`\`

A command counts by its answer: as one, as one more for each 65,536 characters of the answer, and as one more for each 100
members that the answer lists or counts. \`history\` of 4 million characters is 62 commands, \`presence_stats\` in a channel of 2,000 is
21. The answer is counted when it is known, so the last one may cost more than was left: then further commands are answered with
error 111 until the rate has made up for it. No connection is closed for what an answer has cost.

What a publication, join or leave sends to others counts too: one more command for each 262,144 characters, over all
subscribers at the client's hub and at the home. In a channel of 1,000 subscribers, a pointer of 100 characters costs two
commands, and a text of 10,000 characters 40. Subscribers at other hubs are not counted.

While one client sends its whole burst of 1,000 publications at once, each in a frame of its own, another client at the same hub
waits for an answer about three times as long as on a quiet hub (99th percentile, 0.8 to 3.8 in four rounds on two cores; before
there were these limits it was 31 to 50 times as long). \`npm run bench\` measures it.

Commands over the rate are answered with error 111, which is temporary, so SDKs subscribe again a little later. A client
that goes on until as many commands have been refused as it may send is closed with 3013. Commands that have no answer
(\`send\`, a pong) and frames that exceed the rate of bytes close it at once. Rates are counted in memory
and start anew when a hub has slept, which takes longer than a default bucket needs to fill.

## What can be configured

In \`connection\` of \`src/config.ts\`; times are in seconds.

${connectionSettings()}
`;
}

/** The file of the registry that a group stands in. */
function fileOf(group: Group): string {
  const found = globSync("src/shared/limits/*.ts").find((file) =>
    readFileSync(file, "utf8").includes(`export const ${group} =`),
  );
  if (found === undefined) throw new Error(`no file of limits exports ${group}`);
  return found;
}

/** How late the last subscriber is, by the number of subscribers. */
function lateness(): string {
  const measured = readCapacity().hubs.map(
    ({ subscribers, last }) => `${formatNumber(Math.round(last))} ms with ${formatNumber(subscribers)}`,
  );
  return measured.join(", ");
}

function section(group: Group): string {
  const file = fileOf(group);
  const comments = commentsOf(file, group);
  const notes = Object.entries<LimitNote>(LIMIT_NOTES[group]);
  const rows = notes.map(([name, [unit, answer]]) => {
    const meaning = comments.get(name);
    if (meaning === undefined) throw new Error(`${group}.${name} has no comment in ${file}`);
    return [
      `\`${name}\``,
      formatLimit(VALUES[group][name] ?? Number.NaN, unit),
      meaning,
      ...describe(answer),
    ];
  });
  return `## ${TITLES[group]}\n\n${table(["Limit", "Value", "Meaning", "Answer", "Comes back"], rows)}`;
}

function formatLimit(value: number, unit: Unit): string {
  if (unit === "ms") return duration(value / 1000);
  if (unit === "s") return duration(value);
  if (unit === "bytes" && value % 1024 === 0) {
    return value % 1_048_576 === 0
      ? `${formatNumber(value / 1_048_576)} MiB`
      : `${formatNumber(value / 1024)} KiB`;
  }
  return `${formatNumber(value)} ${unit}`.trim();
}

function duration(seconds: number): string {
  if (seconds < 1) return `${formatNumber(seconds * 1000)} ms`;
  if (seconds % 3_600 === 0) return `${formatNumber(seconds / 3_600)} h`;
  return seconds % 60 === 0 ? `${formatNumber(seconds / 60)} min` : `${formatNumber(seconds)} s`;
}

/** What is answered, and whether a client comes back. */
function describe(answer: LimitAnswer): [string, string] {
  if (answer === undefined) return ["—", "—"];
  if (typeof answer === "string") {
    const { status } = HTTP_ERRORS[answer];
    return [`HTTP ${status} \`${answer}\``, status === 429 || status === 503 ? "after `Retry-After`" : "no"];
  }
  if ("text" in answer) return [answer.text, "—"];
  if ("reason" in answer)
    return [`close ${answer.code} ${answer.reason}`.trim(), answer.reconnect ? "yes" : "no"];
  return [`error ${answer.code} ${answer.message}`, answer.temporary ? "tries again" : "no"];
}

function connectionSettings(): string {
  const comments = commentsOf("src/config/connection.ts", "ConnectionConfig");
  const rows = Object.entries(DEFAULT_CONNECTION).map(([name, value]) => {
    const meaning = comments.get(name);
    if (meaning === undefined) throw new Error(`the setting ${name} has no comment`);
    return [`\`${name}\``, `\`${JSON.stringify(value)}\``, meaning.replace(/ Default [^.]*\.$/, "")];
  });
  return table(["Setting", "Default", "Meaning"], rows);
}
