import type { HubOverview, OverviewSnapshot } from "../../../src/overview/messages.ts";
import { counted } from "../../print/table.ts";
import { visible } from "../../print/visible.ts";
import { advice, type Finding, right, wrong } from "../finding.ts";
import { byCause, type Sample, totalOf, valuesOf } from "./samples.ts";

/** What a gateway that runs has told. */
export interface LiveFacts {
  /** Of the command line. */
  readonly version: string;
  readonly samples: readonly Sample[];
  /** Undefined where the key may not ask for it. */
  readonly overview: OverviewSnapshot | undefined;
}

/** What keeps an object awake, and what there is to do about it. */
interface CauseWords {
  readonly says: string;
  readonly mend: string;
}

const CAUSES: Readonly<Record<string, CauseWords>> = {
  message: {
    says: "messages of clients",
    mend: "each one costs up to 10 s awake: send less often, several commands in one frame, and no pings of an application's own",
  },
  call: {
    says: "calls of other objects and of the API: publications, followers, presence",
    mend: "publish several at once (batch, broadcast), and ask for presence less often",
  },
  request: {
    says: "HTTP requests",
    mend: "ask less often, or be told by a message",
  },
  connect: {
    says: "connections that open",
    mend: "clients that come back again and again are closed by something: see the disconnects by code",
  },
  close: {
    says: "connections that close",
    mend: "clients that come back again and again are closed by something: see the disconnects by code",
  },
};

const SHARES = {
  /** A cause is told from this share of the time awake on. */
  told: 0.1,
  /** Alarms that take this much keep their object awake by themselves. */
  alarms: 0.5,
  /** Time after activity, when the object should have slept. */
  kept: 0.05,
  /** A hub that is awake for this part of the time never sleeps. */
  awake: 0.95,
} as const;

/** Milliseconds. A hub that has been awake for less has only just begun: every hub is awake then. */
const LONG_AWAKE = 10 * 60_000;

/** Milliseconds awake for each wake. Above it, the hub is not woken again and again: something keeps it awake. */
const SHORT_WAKE = 60_000;

/** Hubs that are listed by name for one reason. */
const MOST_NAMED = 5;

/** What is right and wrong in a gateway that runs: what keeps its objects awake, above all. */
export function diagnoseLive({ version, samples, overview }: LiveFacts): Finding[] {
  return [
    ...checkVersion(version, samples),
    ...checkAwake("hubs", "poorwill_hub", samples),
    ...kindsOf(samples).flatMap((kind) =>
      checkAwake(`rooms of kind ${visible(kind)}`, "poorwill_room", samples, kind),
    ),
    ...kindsOf(samples).flatMap((kind) => checkErrors(samples, kind)),
    ...checkBudget(samples),
    ...(overview ? [...checkHubs(overview), ...checkCounts(overview)] : []),
  ];
}

function checkVersion(own: string, samples: readonly Sample[]): Finding[] {
  const gateway = samples.find(({ name }) => name === "centrifugo_node_build")?.labels.version;
  if (gateway === own) return [right("version", `${own}, as this command`)];
  return [advice("version", `the gateway is ${visible(gateway ?? "unknown")}, and this command ${own}`)];
}

/** @param prefix Of the metrics. */
function checkAwake(about: string, prefix: string, samples: readonly Sample[], kind?: string): Finding[] {
  const causes = byCause(samples, `${prefix}_awake_cause_milliseconds`, kind);
  const awake = causes.reduce((sum, [, milliseconds]) => sum + milliseconds, 0);
  if (awake === 0) return [right(about, "have slept all the time, as far as they have reported")];
  const kept = totalOf(samples, `${prefix}_kept_awake_milliseconds`, kind);
  return [
    ...causes
      .filter(([, milliseconds]) => milliseconds >= awake * SHARES.told)
      .map(([cause, milliseconds]) => causeFinding(about, cause, milliseconds, awake)),
    kept >= awake * SHARES.kept
      ? wrong(
          about,
          `${time(kept)} awake, ${percent(kept, awake)}, came when nothing had happened for 10 s: something had not ended`,
          "look for a timer, a fetch or a promise without an end in hooks, handlers and the backend that they ask",
        )
      : right(about, "sleep when nothing happens for 10 s"),
  ];
}

function causeFinding(about: string, cause: string, milliseconds: number, awake: number): Finding {
  const share = `${percent(milliseconds, awake)} of ${time(awake)} awake`;
  if (cause.startsWith("alarm")) return alarmFinding(about, cause, share, milliseconds / awake);
  const { says, mend } = CAUSES[cause] ?? { says: visible(cause), mend: undefined };
  return advice(about, `${share} came from ${says}`, mend);
}

function alarmFinding(about: string, cause: string, share: string, part: number): Finding {
  const [, job] = cause.split(":");
  const says = `${share} came from alarms${job === undefined ? "" : ` for ${visible(job)}`}`;
  const mend = "alarms that come again and again cost as much as clients: set them less often, or not at all";
  return part >= SHARES.alarms ? wrong(about, says, mend) : advice(about, says, mend);
}

function checkErrors(samples: readonly Sample[], kind: string): Finding[] {
  const errors = totalOf(samples, "poorwill_room_handler_errors", kind);
  if (errors === 0) return [];
  const mend = "the log has a line for each, with the function that threw";
  return [
    advice(
      `rooms of kind ${visible(kind)}`,
      `their functions have failed ${errors.toLocaleString("en")} times`,
      mend,
    ),
  ];
}

/** What `poorwill_budget_shed` names. */
const SHED_WORDS: Readonly<Record<string, string>> = {
  anonymous: "connections without a user",
  connections: "all new connections",
  channels: "channels that are new to their hub",
  reads: "history and presence over the API",
};

/** Nothing where there is no budget. */
function checkBudget(samples: readonly Sample[]): Finding[] {
  const dollars = valuesOf(samples, "poorwill_budget_dollars", "of");
  const { spent, budget } = dollars;
  if (spent === undefined || budget === undefined) return [];
  const says = `$${spent.toFixed(4)} of $${budget} spent today`;
  const refused = Object.entries(valuesOf(samples, "poorwill_budget_shed", "what")).flatMap(([what, is]) =>
    is > 0 ? (SHED_WORDS[what] ?? visible(what)) : [],
  );
  if (refused.length > 0) {
    const mend = "find what costs so much above, or raise operations.budget: docs/budget.md";
    return [wrong("budget", `${says}, so these are refused until midnight UTC: ${refused.join(", ")}`, mend)];
  }
  return [spent < budget ? right("budget", says) : advice("budget", `${says}, and nothing is refused`)];
}

function checkHubs({ hubs }: OverviewSnapshot): Finding[] {
  const restless = hubs.filter(({ awakeShare, awake }) => awakeShare >= SHARES.awake && awake >= LONG_AWAKE);
  const crowded = hubs.filter(({ state }) => state !== "ok");
  return [
    ...named(restless).map((hub) => advice(`hub ${visible(hub.hub)}`, whyRestless(hub))),
    ...(restless.length > MOST_NAMED
      ? [advice("hubs", `${restless.length} of ${hubs.length} never sleep`)]
      : []),
    ...named(crowded).map(({ hub, state, sockets, lag }) =>
      advice(
        `hub ${visible(hub)}`,
        state === "full" ? `full, with ${counted(sockets, "socket")}` : `late: its last flush by ${lag} ms`,
        "newcomers go to other hubs; a home that stays so has too much to do for one channel: docs/capacity.md",
      ),
    ),
  ];
}

/** Those with the most sockets come first. */
function named(hubs: readonly HubOverview[]): readonly HubOverview[] {
  return hubs.slice(0, MOST_NAMED);
}

function whyRestless({ sockets, rates, wakes, awake }: HubOverview): string {
  const facts = [
    counted(sockets, "socket"),
    `${rates.messagesReceived.toFixed(1)} messages a second from clients`,
    `${rates.publications.toFixed(1)} publications a second`,
  ];
  const [cause, times = 0] = Object.entries(wakes).sort(([, one], [, other]) => other - one)[0] ?? [];
  const isWoken = cause !== undefined && awake < times * SHORT_WAKE;
  const woken = isWoken ? `; what wakes it most is ${CAUSES[cause]?.says ?? visible(cause)}` : "";
  return `awake all the time, with ${facts.join(", ")}${woken}`;
}

function checkCounts({ totals }: OverviewSnapshot): Finding[] {
  const { unrecovered, recovered } = totals;
  if (unrecovered === 0) return [right("recoveries", "each has brought everything")];
  const says = `${unrecovered} of ${unrecovered + recovered} could not bring everything`;
  return [advice("recoveries", says, "keep more: history_size and history_ttl of the namespace")];
}

function kindsOf(samples: readonly Sample[]): string[] {
  return [
    ...new Set(
      samples.flatMap(({ name, labels }) => (name.startsWith("poorwill_room_") ? (labels.kind ?? []) : [])),
    ),
  ];
}

function percent(part: number, whole: number): string {
  return `${Math.round((part / whole) * 100)} %`;
}

function time(milliseconds: number): string {
  const minutes = milliseconds / 60_000;
  if (minutes < 2) return `${Math.round(minutes * 60)} s`;
  return minutes < 120 ? `${minutes.toFixed(1)} min` : `${(minutes / 60).toFixed(1)} h`;
}
