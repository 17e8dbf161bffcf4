/** How many listeners fit where, and what that takes: computed from what `npm run capacity` has measured, and the limits. */
import type { Audience, CapacityResults } from "../bench/capacity/results.ts";
import type { CostCounters } from "../bench/cost/counters.ts";
import { HUB_LIMITS } from "../src/shared/limits.ts";
import { listTotal, usageOf } from "./cost.ts";
import type { Load } from "./cost-loads.ts";

/** Continents of the audiences, and the regions that each of them has: `regionOf` divides each by a meridian. */
export const CONTINENTS = 3;
export const REGIONS_OF_A_CONTINENT = 2;
/** Milliseconds from a home to a hub on another continent, assumed: it cannot be measured on one machine. */
export const OCEAN_MILLISECONDS = 150;
/** Publications a second, and hours, of the event that is priced. */
export const PER_SECOND = 1;
export const HOURS = 1;
/** Audiences of the table. */
export const AUDIENCES = [10_000, 200_000, 1_000_000] as const;

/** One channel with listeners everywhere. */
export interface Spread {
  readonly listeners: number;
  /** Edge hubs in each region, and in all of them. */
  readonly hubsOfRegion: number;
  readonly hubs: number;
  readonly listenersOfHub: number;
  /** Whether the regions have that many hubs. */
  readonly fits: boolean;
  /** Milliseconds until the last listener has a publication. */
  readonly last: number;
  /** Publications a second that the home, and each of the hubs, can take. */
  readonly ofHome: number;
  readonly ofHub: number;
}

/** How so many listeners are spread, if all regions have equally many. */
export function spread(listeners: number, results: CapacityResults): Spread {
  const regions = CONTINENTS * REGIONS_OF_A_CONTINENT;
  const hubsOfRegion = Math.ceil(listeners / regions / HUB_LIMITS.sockets);
  const hubs = regions * hubsOfRegion;
  const listenersOfHub = Math.ceil(listeners / hubs);
  const calling = hubs * callMilliseconds(results);
  const audience = audienceOf(listenersOfHub, results.hubs);
  return {
    listeners,
    hubsOfRegion,
    hubs,
    listenersOfHub,
    fits: hubsOfRegion <= HUB_LIMITS.edgeHubs,
    last: calling + OCEAN_MILLISECONDS + audience.last,
    ofHome: 1_000 / calling,
    ofHub: audience.perSecond,
  };
}

/** Milliseconds of a home for the call to one follower. The follower's own work is in it: both shared a thread when it was measured. */
export function callMilliseconds({ followers }: CapacityResults): number {
  const most = followers.at(-1);
  return most === undefined ? Number.NaN : most.last / most.hubs;
}

/** What the smallest audience that was measured and is at least so large gets. */
function audienceOf(listeners: number, measured: readonly Audience[]): Audience {
  const audience = measured.find(({ subscribers }) => subscribers >= listeners);
  if (audience === undefined) throw new Error(`an audience of ${listeners} was not measured`);
  return audience;
}

/** The event that is priced: everybody connects, and a backend publishes at one rate, with history. */
export function eventOf({ listeners, hubs, listenersOfHub }: Spread): Load {
  const perHour = PER_SECOND * 3_600;
  return {
    title: `${listeners} listeners`,
    story: "",
    hours: HOURS,
    connectsPerHour: listeners / HOURS,
    hubs: [
      { hubs, sockets: listenersOfHub, eventsPerHour: perHour },
      { hubs: 1, sockets: 0, eventsPerHour: perHour },
    ],
    publishing: [
      {
        unit: "publishKeptAway",
        perHour,
        receivers: listeners,
        byApi: true,
        moreFollowers: hubs - 1,
        settlingHomes: 1,
      },
    ],
  };
}

/** Dollars of the event at list price, as little and as much as the duration of objects may be. */
export function dollarsOf(spread: Spread, counters: CostCounters): { least: number; most: number } {
  const { least, most } = usageOf(eventOf(spread), counters);
  return { least: listTotal(least), most: listTotal(most) };
}
