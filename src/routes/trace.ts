import type { Access } from "../api/access.ts";
import { answerResponse, badRequest, failed, wantsErrorsInTransport } from "../api/errors.ts";
import { FailureLog } from "../api/failure-log.ts";
import { parseObject } from "../api/requests.ts";
import { readTrace } from "../api/trace-request.ts";
import { startTrace, type TraceOutcome, type TraceTools } from "../api/tracing.ts";
import { internalHome } from "../channels/internal.ts";
import { homeRegion, usableHomeOf } from "../channels/placement.ts";
import { hubNamed } from "../deployment/hub-named.ts";
import { API_REFUSALS, ERRORS } from "../shared/codes.ts";
import { logEvent } from "../shared/log.ts";
import { answerApi, refuse } from "./answer-api.ts";
import { type Asked, directoryFor, traceFor } from "./asked.ts";

const METHOD = "trace";
const HEADERS = { "Content-Type": "application/x-ndjson", "Cache-Control": "no-store" };

/**
 * `POST /api/trace`: tells what one client, one user's clients or those in a channel do, line by line, until its time is
 * over. Needs the right `trace`; a key for some channels has it for these.
 */
export function trace(asked: Asked): Promise<Response> {
  return answerApi(asked, async (body, access) => {
    const params = parseObject(body);
    if (params === undefined) return refuse(API_REFUSALS.notAnObject);
    const outcome = await outcomeOf(asked, access, params);
    if ("lines" in outcome) return new Response(outcome.lines, { headers: HEADERS });
    const answer = new FailureLog(access.name, traceFor(asked)).record(METHOD, outcome);
    return answerResponse(METHOD, answer, wantsErrorsInTransport(asked.request));
  });
}

async function outcomeOf(asked: Asked, access: Access, params: object): Promise<TraceOutcome> {
  const order = readTrace(params);
  if ("why" in order) return badRequest(order.why);
  const { target, payloads, hub } = order;
  if (!access.hasRight("trace", target.channel)) return failed(ERRORS.permissionDenied);
  const { channel, client } = target;
  logEvent("api.trace", { keyName: access.name, by: Object.keys(target)[0], channel, client, payloads, hub });
  try {
    return await startTrace(toolsOf(asked), order);
  } catch (failure) {
    return { ...failed(ERRORS.internal), why: String(failure) };
  }
}

function toolsOf(asked: Asked): TraceTools {
  const { namespaces, connection } = asked.gateway.config;
  return {
    hubs: {
      named: (hub) => hubNamed(asked.env, hub, homeRegion(hub, namespaces)),
      directory: directoryFor(asked),
    },
    // What open overviews are told is for the right `observe`.
    homeOf: (channel) =>
      internalHome(channel) === undefined ? usableHomeOf(channel, namespaces) : undefined,
    userCommands: connection.userCommands,
  };
}
