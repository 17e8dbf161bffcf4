import type { Context } from "hono";
import type { Namespaces } from "../channels/namespaces.ts";
import {
  edgeName,
  homeRegion,
  REFUSAL_HEADER,
  type Region,
  regionOf,
  usableHomeOf,
} from "../channels/placement.ts";
import type { Env } from "../deployment/env.ts";
import { hubNamed } from "../deployment/hub-named.ts";
import { httpError } from "../shared/http-error.ts";
import { HUB_LIMITS, ROOM_LIMITS } from "../shared/limits.ts";
import { asHandshake } from "../websocket/preflight.ts";
import { refuseAddress } from "./connection-rate.ts";
import { noteRefusal } from "./refusals.ts";
import { refuseUpgrade } from "./upgrade.ts";

/** The edge hub of each region that took the last newcomer. Every isolate learns it for itself. */
const lastGood = new Map<Region, number>();

/**
 * `GET /connection/websocket`: a session of the channel protocol. With `?channel=` it is placed at the home of that
 * channel, which is fastest for a client of one channel; otherwise, or when that hub is full, on a hub near the client.
 * A name that no channel can have is ignored, and creates no object: the client has shown no credentials yet.
 */
export async function connectToChannels(
  { req, env }: Context<{ Bindings: Env }>,
  namespaces: Namespaces,
): Promise<Response> {
  const request = asHandshake(req.raw);
  const refusal = refuseUpgrade(request, env) ?? (await refuseAddress(request, env));
  if (refusal) return refusal;
  const region = env.ENVIRONMENT === "development" ? "local" : regionOf(placeOf(request));
  const channel = new URL(request.url).searchParams.get("channel");
  const home = channel === null ? undefined : usableHomeOf(channel, namespaces);
  if (home !== undefined) {
    const placed = await placeAt(env, home, homeRegion(home, namespaces) ?? region, request);
    if (placed) return placed;
  }
  return (await placeAtEdge(env, region, request)) ?? refuseFull(request, env);
}

/** Tries the edge hubs of a region, from the last good one on. */
async function placeAtEdge(env: Env, region: Region, request: Request): Promise<Response | undefined> {
  const start = lastGood.get(region) ?? 0;
  for (let step = 0; step < HUB_LIMITS.edgeHubs; step += 1) {
    const index = (start + step) % HUB_LIMITS.edgeHubs;
    const placed = await placeAt(env, edgeName(region, index), region, request);
    if (placed === undefined) continue;
    lastGood.set(region, index);
    return placed;
  }
  return undefined;
}

/** Undefined: that hub takes no connections at the moment. */
async function placeAt(
  env: Env,
  hub: string,
  region: Region,
  request: Request,
): Promise<Response | undefined> {
  const stub = hubNamed(env, hub, region === "local" ? undefined : region);
  const response = await stub.fetch(new Request(request));
  return response.headers.has(REFUSAL_HEADER) ? undefined : response;
}

function placeOf(request: Request): { continent?: string | undefined; longitude?: string | undefined } {
  const { continent, longitude } = request.cf ?? {};
  return { continent: text(continent), longitude: text(longitude) };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function refuseFull(request: Request, env: Env): Response {
  noteRefusal(request, env, "overloaded");
  return httpError("overloaded", { "Retry-After": String(ROOM_LIMITS.retryAfter) });
}
