import { CHANNEL_LIMITS, HUB_LIMITS } from "../shared/limits.ts";
import { controlHome } from "./control.ts";
import { parseChannel } from "./names.ts";
import type { Namespaces } from "./namespaces.ts";
import { HOME_REGIONS, type HomeRegion } from "./options.ts";
import { OVERVIEW_CHANNEL, OVERVIEW_HOME } from "./overview.ts";

/** Where a client is, as far as the platform tells. */
export interface Place {
  readonly continent?: string | undefined;
  /** Degrees, as text. */
  readonly longitude?: string | undefined;
}

/** Places where objects can be created (location hints of Durable Objects), and "local" where nothing is known. */
const REGIONS = [...HOME_REGIONS, "local"] as const;

export type Region = (typeof REGIONS)[number];

export function isRegion(text: string | null): text is Region {
  return REGIONS.some((region) => region === text);
}

/** The meridian between the hints for the west and the east of North America, in degrees. */
const NORTH_AMERICA = -100;
/** The meridian between the hints for the west and the east of Europe, in degrees. */
const EUROPE = 15;
/** West of this, Asia is the Middle East. */
const ASIA = 60;

/** The region in which a client's hub should be. */
export function regionOf({ continent, longitude }: Place): Region {
  const degrees = Number(longitude ?? 0);
  switch (continent) {
    case "NA":
      return degrees < NORTH_AMERICA ? "wnam" : "enam";
    case "SA":
      return "sam";
    case "EU":
      return degrees < EUROPE ? "weur" : "eeur";
    case "AS":
      return degrees < ASIA ? "me" : "apac";
    case "OC":
      return "oc";
    case "AF":
      return "afr";
    default:
      return "local";
  }
}

/** Tells the Worker that a hub takes no connections at the moment. No client sees it. */
export const REFUSAL_HEADER = "X-Poorwill-Refusal";

const HOME = "home/";
const EDGE = "edge/";

/** The home of the channels with this key. It never has the name of an edge hub. */
export function homeName(key: string): string {
  return HOME + key;
}

/** The home of a channel, whether or not the channel may be used. */
export function homeOf(channel: string): string {
  return homeName(parseChannel(channel).key);
}

/** The home of a channel that may be used. Undefined for an invalid name, and for one of no configured namespace. */
export function usableHomeOf(channel: string, namespaces: Namespaces): string | undefined {
  if (channel === OVERVIEW_CHANNEL) return OVERVIEW_HOME;
  const name = parseChannel(channel);
  const isUsable = namespaces.optionsOf(name) !== undefined && namespaces.checkName(name) === "ok";
  return isUsable && controlHome(channel) === undefined ? homeName(name.key) : undefined;
}

/**
 * The region that its namespace names for a home; undefined where it names none, and for hubs that are not homes of
 * channels.
 */
export function homeRegion(hub: string, namespaces: Namespaces): HomeRegion | undefined {
  if (!hub.startsWith(HOME)) return undefined;
  return namespaces.optionsOf(parseChannel(hub.slice(HOME.length)))?.home_region || undefined;
}

/** The region in which a hub is, as far as its name or its namespace says. */
export function placedIn(hub: string, namespaces: Namespaces): Region | undefined {
  const region = hub.startsWith(EDGE) ? (hub.split("/")[1] ?? null) : null;
  return isRegion(region) ? region : homeRegion(hub, namespaces);
}

/** The home of channels, or of commands on users. */
const HOME_NAME = /^(home|users)\/./s;
const EDGE_NAME = /^edge\/([a-z]+)\/(0|[1-9]\d*)$/;
const LONGEST_HOME = HOME.length + CHANNEL_LIMITS.nameLength;

/** Whether a hub may have this name. */
export function isHubName(name: string): boolean {
  if (HOME_NAME.test(name)) return name.length <= LONGEST_HOME;
  const [, region = null, index] = EDGE_NAME.exec(name) ?? [];
  return isRegion(region) && Number(index) < HUB_LIMITS.edgeHubs;
}

/** A hub that holds sessions near their clients. */
export function edgeName(region: Region, index: number): string {
  return `${EDGE}${region}/${index}`;
}
