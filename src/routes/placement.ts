import { OVERVIEW_HOME } from "../channels/overview.ts";
import {
  edgeName,
  homeRegion,
  REFUSAL_HEADER,
  type Region,
  regionOf,
  usableHomeOf,
} from "../channels/placement.ts";
import { hubNamed } from "../deployment/hub-named.ts";
import { httpError } from "../shared/http-error.ts";
import { HUB_LIMITS, ROOM_LIMITS } from "../shared/limits.ts";
import { type Asked, noteRefusal } from "./asked.ts";
import { refusedOverBudget, refuseOverBudget } from "./budget.ts";

/** The handshake that a hub gets. */
type HandshakeFor = (hub: string) => Request | Promise<Request>;

/**
 * Places a session at the home of the channel that the request names (`?channel=`), which is fastest for a client of one
 * channel; otherwise, or when that hub is full, on a hub near the client. A name that no channel can have is ignored, and
 * creates no object: the client has shown no credentials yet.
 */
export async function place(asked: Asked, handshakeFor: HandshakeFor): Promise<Response> {
  const { request, env, gateway } = asked;
  const { namespaces } = gateway.config;
  const home = homeOfOnly(new URL(request.url).searchParams.getAll("channel"), asked);
  // Who looks at the overview may do so above all when it costs too much.
  const refusal = home === OVERVIEW_HOME ? undefined : refuseOverBudget(asked);
  if (refusal) return refusal;
  const region = env.ENVIRONMENT === "development" ? "local" : regionOf(placeOf(request));
  if (home !== undefined) {
    const placed = await placeAt(asked, handshakeFor, home, homeRegion(home, namespaces) ?? region);
    if (placed) return placed;
    // Nowhere else is an operator's token taken.
    if (home === OVERVIEW_HOME) return refuseFull(asked);
  }
  return (await placeAtEdge(asked, handshakeFor, region)) ?? refuseFull(asked);
}

/** The one home of all these channels. */
function homeOfOnly(channels: readonly string[], { gateway }: Asked): string | undefined {
  const homes = new Set(channels.map((channel) => usableHomeOf(channel, gateway.config.namespaces)));
  const [home] = homes;
  return homes.size === 1 ? home : undefined;
}

/** Tries the edge hubs of a region, from the last good one on. */
async function placeAtEdge(
  asked: Asked,
  handshakeFor: HandshakeFor,
  region: Region,
): Promise<Response | undefined> {
  const { lastGood } = asked.gateway;
  const start = lastGood.get(region) ?? 0;
  for (let step = 0; step < HUB_LIMITS.edgeHubs; step += 1) {
    const index = (start + step) % HUB_LIMITS.edgeHubs;
    const placed = await placeAt(asked, handshakeFor, edgeName(region, index), region);
    if (placed === undefined) continue;
    lastGood.set(region, index);
    return placed;
  }
  return undefined;
}

/** Undefined: that hub takes no connections at the moment. */
async function placeAt(
  asked: Asked,
  handshakeFor: HandshakeFor,
  hub: string,
  region: Region,
): Promise<Response | undefined> {
  const stub = hubNamed(asked.env, hub, region === "local" ? undefined : region);
  const response = await stub.fetch(await handshakeFor(hub));
  // The next hub would only say the same of the budget.
  return response.headers.has(REFUSAL_HEADER) ? refusedOverBudget(asked, response) : response;
}

function placeOf(request: Request): { continent?: string | undefined; longitude?: string | undefined } {
  const { continent, longitude } = request.cf ?? {};
  return { continent: text(continent), longitude: text(longitude) };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function refuseFull(asked: Asked): Response {
  noteRefusal(asked, "overloaded");
  return httpError("overloaded", { "Retry-After": String(ROOM_LIMITS.retryAfter) });
}
