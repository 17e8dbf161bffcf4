import { failed } from "../api/errors.ts";
import { FailureLog } from "../api/failure-log.ts";
import { edgeName, homeRegion, isHubName, isRegion } from "../channels/placement.ts";
import { hubNamed } from "../deployment/hub-named.ts";
import { encodePrometheus, PROMETHEUS_TYPE } from "../metrics/prometheus.ts";
import type { Samples } from "../metrics/registry.ts";
import { sum } from "../metrics/samples.ts";
import { labelled } from "../metrics/series.ts";
import { ERRORS } from "../shared/codes.ts";
import { httpError } from "../shared/http-error.ts";
import { VERSION } from "../shared/version.ts";
import { type Asked, directoryFor, noteRefusal, traceFor } from "./asked.ts";

/**
 * `GET /metrics`: what one hub has counted (`?hub=home/chat:42`, `?region=weur&n=0`; asking wakes it), or the sums of
 * what all hubs have reported, which wakes none. Needs a key that may call `metrics`.
 */
export async function writeMetrics(asked: Asked): Promise<Response> {
  const { request, env, keys } = asked;
  const access = await keys.accessOf(request, env);
  if (access === undefined) {
    noteRefusal(asked, "unauthorized");
    return httpError("unauthorized");
  }
  if (!access.allows("metrics", undefined)) {
    new FailureLog(access.name, traceFor(asked)).record("metrics", failed(ERRORS.permissionDenied));
    return httpError("unauthorized");
  }
  const hub = askedHub(new URL(request.url).searchParams);
  if (hub === undefined) return httpError("bad_hub_name");
  const samples = hub === "all" ? await directoryFor(asked)?.samples() : await samplesOf(asked, hub);
  if (samples === undefined) return httpError("no_directory");
  const text = encodePrometheus({ ...labelled("centrifugo_node_build", [[VERSION, 1]]), ...samples });
  return new Response(text, { headers: { "Content-Type": PROMETHEUS_TYPE, "Cache-Control": "no-store" } });
}

/** The hub that a query asks for, "all" without one, or undefined for a name that no hub has. */
function askedHub(query: URLSearchParams): string | undefined {
  const hub = query.get("hub");
  const region = query.get("region");
  if (hub === null && region === null) return "all";
  const name = hub ?? (isRegion(region) ? edgeName(region, Number(query.get("n") ?? 0)) : "");
  return isHubName(name) ? name : undefined;
}

/** What a hub has counted since it woke, and where there is a directory, before that too. */
async function samplesOf(asked: Asked, hub: string): Promise<Samples> {
  const { namespaces } = asked.gateway.config;
  const { incarnation, samples } = await hubNamed(asked.env, hub, homeRegion(hub, namespaces)).metrics();
  const before = (await directoryFor(asked)?.countersBefore(hub, incarnation)) ?? {};
  return sum([before, samples]);
}
