import type { Access } from "../api/access.ts";
import {
  answerResponse,
  badRequest,
  encodeAnswer,
  jsonResponse,
  wantsErrorsInTransport,
} from "../api/errors.ts";
import { ApiCommands } from "../api/methods.ts";
import { openApiDocument } from "../api/openapi.ts";
import { parseLegacy, parseObject, readLegacy } from "../api/requests.ts";
import { createTools } from "../api/tools.ts";
import { API_REFUSALS } from "../shared/codes.ts";
import { API_LIMITS } from "../shared/limits.ts";
import { answerApi, refuse } from "./answer-api.ts";
import { type Asked, traceFor } from "./asked.ts";

/** `GET /api/openapi.json`: what the server API understands. It needs no key. */
export function describeApi(): Response {
  return Response.json(openApiDocument());
}

/** `POST /api/:method`: one command of the server API; the body is its parameters. */
export function callMethod(asked: Asked): Promise<Response> {
  return answerApi(asked, async (body, access) => {
    const params = parseObject(body);
    if (params === undefined) return refuse(API_REFUSALS.notAnObject);
    const method = asked.path.slice("/api/".length);
    const answer = await commandsOf(asked, access).run(method, params);
    return answerResponse(method, answer, wantsErrorsInTransport(asked.request));
  });
}

/** `POST /api`: commands of the server API as `{"method","params"}`, one in each line, answered line by line. */
export function callLegacy(asked: Asked): Promise<Response> {
  return answerApi(asked, async (body, access) => {
    const lines = parseLegacy(body);
    if (lines === undefined) return refuse(API_REFUSALS.notObjects);
    const commands = commandsOf(asked, access);
    if (lines.length > API_LIMITS.batchCommands) {
      const tooMany = badRequest(`expected at most ${API_LIMITS.batchCommands} lines`);
      return jsonResponse(encodeAnswer(commands.failures.record(undefined, tooMany)));
    }
    const answers = await commands.runInOrder(lines.map(readLegacy));
    // No line break at the end: libraries split the body at each, and parse every part.
    return jsonResponse(answers.map(encodeAnswer).join("\n"));
  });
}

function commandsOf(asked: Asked, access: Access): ApiCommands {
  return new ApiCommands(createTools(asked.env, access, asked.gateway, traceFor(asked)));
}
