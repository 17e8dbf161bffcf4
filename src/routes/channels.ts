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
import { asHandshake } from "../websocket/preflight.ts";
import { type Asked, noteRefusal } from "./asked.ts";
import { refuseAddress } from "./connection-rate.ts";
import { refuseUpgrade } from "./upgrade.ts";

/**
 * `GET /connection/websocket`: a session of the channel protocol. With `?channel=` it is placed at the home of that
 * channel, which is fastest for a client of one channel; otherwise, or when that hub is full, on a hub near the client.
 * A name that no channel can have is ignored, and creates no object: the client has shown no credentials yet.
 */
export async function connectToChannels(asked: Asked): Promise<Response> {
  const request = asHandshake(asked.request);
  const handshake = { ...asked, request };
  const refusal = refuseUpgrade(handshake) ?? (await refuseAddress(handshake));
  if (refusal) return refusal;
  const { env, gateway } = asked;
  const { namespaces } = gateway.config;
  const region = env.ENVIRONMENT === "development" ? "local" : regionOf(placeOf(request));
  const channel = new URL(request.url).searchParams.get("channel");
  const home = channel === null ? undefined : usableHomeOf(channel, namespaces);
  if (home !== undefined) {
    const placed = await placeAt(handshake, home, homeRegion(home, namespaces) ?? region);
    if (placed) return placed;
  }
  return (await placeAtEdge(handshake, region)) ?? refuseFull(handshake);
}

/** Tries the edge hubs of a region, from the last good one on. */
async function placeAtEdge(asked: Asked, region: Region): Promise<Response | undefined> {
  const { lastGood } = asked.gateway;
  const start = lastGood.get(region) ?? 0;
  for (let step = 0; step < HUB_LIMITS.edgeHubs; step += 1) {
    const index = (start + step) % HUB_LIMITS.edgeHubs;
    const placed = await placeAt(asked, edgeName(region, index), region);
    if (placed === undefined) continue;
    lastGood.set(region, index);
    return placed;
  }
  return undefined;
}

/** Undefined: that hub takes no connections at the moment. */
async function placeAt({ request, env }: Asked, hub: string, region: Region): Promise<Response | undefined> {
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

function refuseFull(asked: Asked): Response {
  noteRefusal(asked, "overloaded");
  return httpError("overloaded", { "Retry-After": String(ROOM_LIMITS.retryAfter) });
}
