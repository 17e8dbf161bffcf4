import { controlHome } from "./control.ts";
import { parseChannel } from "./names.ts";
import type { Namespaces } from "./namespaces.ts";
import { HOME_REGIONS, type HomeRegion } from "./options.ts";

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
/** The same for Europe. */
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

/** Tells the Worker that a hub takes nobody in at the moment. No client sees it. */
export const REFUSAL_HEADER = "X-Poorwill-Refusal";

const HOME = "home/";

/** The hub that the channels with this key are homed at. Names of homes and of edge hubs never meet. */
export function homeName(key: string): string {
  return HOME + key;
}

/** The home of a channel that somebody may use. Undefined for what is no name, or a name of no configured namespace. */
export function homeOf(channel: string, namespaces: Namespaces): string | undefined {
  const name = parseChannel(channel);
  const isUsable = namespaces.optionsOf(name) !== undefined && namespaces.checkName(name) === "ok";
  return isUsable && controlHome(channel) === undefined ? homeName(name.key) : undefined;
}

/** Where a home is to live, as its namespace says; undefined where it does not, and for hubs that are no homes of channels. */
export function homeRegion(hub: string, namespaces: Namespaces): HomeRegion | undefined {
  if (!hub.startsWith(HOME)) return undefined;
  return namespaces.optionsOf(parseChannel(hub.slice(HOME.length)))?.home_region || undefined;
}

/** A hub that holds sessions near their clients. */
export function edgeName(region: Region, index: number): string {
  return `edge/${region}/${index}`;
}
