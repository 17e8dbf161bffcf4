import type { Unit } from "../bench/cost/counters.ts";
import { DAYS_OF_A_MONTH as DAYS } from "./prices.ts";

/** Hubs of one load that do the same. */
export interface HubGroup {
  readonly hubs: number;
  /** Connections on each of them. */
  readonly sockets: number;
  /** Messages, calls and connections that reach each of them in an hour: what keeps it in memory. */
  readonly eventsPerHour: number;
}

/** Publications of one load that cost the same. */
export interface Publishing {
  readonly unit: Extract<Unit, `publish${string}`>;
  readonly perHour: number;
  /** Connections that each publication is sent to. */
  readonly receivers: number;
  /** Published by a backend over HTTP, not by a client. */
  readonly byApi?: boolean;
  /** Hubs that follow the channel, besides the one that the unit was measured with. */
  readonly moreFollowers?: number;
  /** Homes with followers that these publications are spread over: each one checks later that all were delivered. */
  readonly settlingHomes?: number;
}

/** Something that people run, for a month of 30 days. */
export interface Load {
  readonly title: string;
  readonly story: string;
  /** Hours a month in which it runs. */
  readonly hours: number;
  readonly connectsPerHour: number;
  readonly hubs: readonly HubGroup[];
  readonly publishing: readonly Publishing[];
}

/** The loads of docs/cost.md. */
export const LOADS: readonly Load[] = [
  {
    title: "100 idle dashboards",
    story:
      "100 pages stay open all month. A backend publishes one update a minute over HTTP, in a channel with history, and the pages are at its home. Each page connects anew once a day.",
    hours: 24 * DAYS,
    connectsPerHour: 100 / 24,
    hubs: [{ hubs: 1, sockets: 100, eventsPerHour: 60 + 100 / 24 }],
    publishing: [{ unit: "publishKept", perHour: 60, receivers: 100, byApi: true }],
  },
  {
    title: "A chat of 1,000 users",
    story:
      "1,000 users for 8 hours a day, 20 in each of 50 rooms, each of them writing 20 messages an hour. Rooms have history. All connections are on one edge hub, which follows the 50 homes.",
    hours: 8 * DAYS,
    connectsPerHour: 1_000,
    hubs: [
      { hubs: 1, sockets: 1_000, eventsPerHour: 41_000 },
      { hubs: 50, sockets: 0, eventsPerHour: 400 },
    ],
    publishing: [{ unit: "publishKeptAway", perHour: 20_000, receivers: 20, settlingHomes: 50 }],
  },
  {
    title: "10,000 sockets of live scores",
    story:
      "10,000 viewers for 6 hours a day, on two edge hubs. Each watches one of 10 matches, a channel with history, in which a backend publishes over HTTP every 5 seconds.",
    hours: 6 * DAYS,
    connectsPerHour: 5_000,
    hubs: [
      { hubs: 2, sockets: 5_000, eventsPerHour: 9_700 },
      { hubs: 10, sockets: 0, eventsPerHour: 720 },
    ],
    publishing: [
      {
        unit: "publishKeptAway",
        perHour: 7_200,
        receivers: 1_000,
        byApi: true,
        moreFollowers: 1,
        settlingHomes: 10,
      },
    ],
  },
  {
    title: "1,000 IoT devices",
    story:
      "1,000 devices all month on one edge hub, each publishing a reading a minute, in channels without history: one for each of 10 sites, read by a dashboard on the same hub.",
    hours: 24 * DAYS,
    connectsPerHour: 1_000 / 24,
    hubs: [
      { hubs: 1, sockets: 1_010, eventsPerHour: 120_000 },
      { hubs: 10, sockets: 0, eventsPerHour: 6_000 },
    ],
    publishing: [{ unit: "publishLiveAway", perHour: 60_000, receivers: 1 }],
  },
  {
    title: "100 rooms of 50 cursors",
    story:
      "5,000 people for 2 hours a day, 50 in each room, each sending 10 cursor positions a second. A room is a channel without history, and its members connect to its home.",
    hours: 2 * DAYS,
    connectsPerHour: 2_500,
    hubs: [{ hubs: 100, sockets: 50, eventsPerHour: 50 * 10 * 3_600 }],
    publishing: [{ unit: "publishLive", perHour: 5_000 * 10 * 3_600, receivers: 50 }],
  },
];
