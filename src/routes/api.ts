import type { Context } from "hono";
import {
  answerResponse,
  badRequest,
  encodeAnswer,
  jsonResponse,
  wantsErrorsInTransport,
} from "../api/errors.ts";
import { type Access, accessOf } from "../api/keys.ts";
import { ApiCommands } from "../api/methods.ts";
import { openApiDocument } from "../api/openapi.ts";
import { parseLegacy, parseObject, readLegacy } from "../api/requests.ts";
import { createTools } from "../api/tools.ts";
import type { Namespaces } from "../channels/namespaces.ts";
import type { Env } from "../deployment/env.ts";
import { BodyTooLarge, readBody } from "../shared/body.ts";
import { API_REFUSALS, type HttpErrorDefinition } from "../shared/codes.ts";
import { API_LIMITS } from "../shared/limits.ts";
import { noteRefusal } from "./refusals.ts";

type ApiContext = Context<{ Bindings: Env }>;

/** `GET /api/openapi.json`: what the server API understands. It needs no key. */
export function describeApi(): Response {
  return Response.json(openApiDocument());
}

/** `POST /api/:method`: one command of the server API; the body is its parameters. */
export function callMethod(context: ApiContext, namespaces: Namespaces): Promise<Response> {
  return answer(context, async (body, access) => {
    const params = parseObject(body);
    if (params === undefined) return refuse(API_REFUSALS.notAnObject);
    const { req, env } = context;
    const method = new URL(req.url).pathname.slice("/api/".length);
    const commands = new ApiCommands(createTools(env, access, namespaces));
    return answerResponse(method, await commands.run(method, params), wantsErrorsInTransport(req.raw));
  });
}

/** `POST /api`: commands of the server API as `{"method","params"}`, one in each line, answered line by line. */
export function callLegacy(context: ApiContext, namespaces: Namespaces): Promise<Response> {
  return answer(context, async (body, access) => {
    const lines = parseLegacy(body);
    if (lines === undefined) return refuse(API_REFUSALS.notObjects);
    const commands = new ApiCommands(createTools(context.env, access, namespaces));
    if (lines.length > API_LIMITS.batchCommands) {
      const tooMany = badRequest(`expected at most ${API_LIMITS.batchCommands} lines`);
      return jsonResponse(encodeAnswer(commands.failures.record(undefined, tooMany)));
    }
    const answers = await commands.runInOrder(lines.map(readLegacy));
    // No line break at the end: libraries split the body at each, and parse every part.
    return jsonResponse(answers.map(encodeAnswer).join("\n"));
  });
}

async function answer(
  { req, env }: ApiContext,
  respond: (body: string, access: Access) => Promise<Response>,
): Promise<Response> {
  const access = await accessOf(req.raw, env);
  if (access === undefined) {
    noteRefusal(req.raw, env, "unauthorized");
    return refuse(API_REFUSALS.unauthorized);
  }
  if (await isOverRate(access, env)) {
    noteRefusal(req.raw, env, "too_many_requests");
    return refuse(API_REFUSALS.tooManyRequests, { "Retry-After": String(API_LIMITS.retryAfter) });
  }
  if (req.method !== "POST") return refuse(API_REFUSALS.methodNotAllowed, { Allow: "POST" });
  try {
    return await respond(await readBody(req.raw, API_LIMITS.bodySize), access);
  } catch (failure) {
    if (failure instanceof BodyTooLarge) return refuse(API_REFUSALS.tooLarge);
    throw failure;
  }
}

/** Where API_RATE is bound. A key is counted by its name, which stays the same when the key is renewed. */
async function isOverRate({ name }: Access, { API_RATE }: Env): Promise<boolean> {
  return API_RATE !== undefined && !(await API_RATE.limit({ key: name })).success;
}

function refuse({ status, message }: HttpErrorDefinition, headers: Record<string, string> = {}): Response {
  return new Response(message, { status, headers });
}
