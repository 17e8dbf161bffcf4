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
import { BodyTooLarge, readBody } from "../shared/body.ts";
import { API_REFUSALS, type HttpErrorDefinition } from "../shared/codes.ts";
import { API_LIMITS } from "../shared/limits.ts";
import { type Asked, noteRefusal } from "./asked.ts";

/** `GET /api/openapi.json`: what the server API understands. It needs no key. */
export function describeApi(): Response {
  return Response.json(openApiDocument());
}

/** `POST /api/:method`: one command of the server API; the body is its parameters. */
export function callMethod(asked: Asked): Promise<Response> {
  return answer(asked, async (body, access) => {
    const params = parseObject(body);
    if (params === undefined) return refuse(API_REFUSALS.notAnObject);
    const { request, path, env, gateway } = asked;
    const method = path.slice("/api/".length);
    const commands = new ApiCommands(createTools(env, access, gateway));
    return answerResponse(method, await commands.run(method, params), wantsErrorsInTransport(request));
  });
}

/** `POST /api`: commands of the server API as `{"method","params"}`, one in each line, answered line by line. */
export function callLegacy(asked: Asked): Promise<Response> {
  return answer(asked, async (body, access) => {
    const lines = parseLegacy(body);
    if (lines === undefined) return refuse(API_REFUSALS.notObjects);
    const commands = new ApiCommands(createTools(asked.env, access, asked.gateway));
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
  asked: Asked,
  respond: (body: string, access: Access) => Promise<Response>,
): Promise<Response> {
  const { request, env } = asked;
  const access = await accessOf(request, env);
  if (access === undefined) {
    noteRefusal(asked, "unauthorized");
    return refuse(API_REFUSALS.unauthorized);
  }
  if (await isOverRate(access, asked)) {
    noteRefusal(asked, "too_many_requests");
    return refuse(API_REFUSALS.tooManyRequests, { "Retry-After": String(API_LIMITS.retryAfter) });
  }
  if (request.method !== "POST") return refuse(API_REFUSALS.methodNotAllowed, { Allow: "POST" });
  try {
    return await respond(await readBody(request, API_LIMITS.bodySize), access);
  } catch (failure) {
    if (failure instanceof BodyTooLarge) return refuse(API_REFUSALS.tooLarge);
    throw failure;
  }
}

/** Where API_RATE is bound. A key is counted by its name, which stays the same when the key is renewed. */
async function isOverRate({ name }: Access, { env: { API_RATE } }: Asked): Promise<boolean> {
  return API_RATE !== undefined && !(await API_RATE.limit({ key: name })).success;
}

function refuse({ status, message }: HttpErrorDefinition, headers: Record<string, string> = {}): Response {
  return new Response(message, { status, headers });
}
