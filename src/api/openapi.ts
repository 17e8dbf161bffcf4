import { isWrapped } from "./errors.ts";
import { type JsonSchema, toJsonSchema } from "./json-schema.ts";
import type { ApiMethod } from "./method-types.ts";
import { PARTS, RESULTS } from "./results.ts";
import { API_METHODS, REQUESTS } from "./schemas.ts";
import { traceRequest } from "./trace-request.ts";

const SUMMARIES: Readonly<Record<ApiMethod, string>> = {
  publish: "Publish to a channel",
  broadcast: "Publish the same to several channels",
  subscribe: "Subscribe connections of a user to a channel",
  unsubscribe: "Unsubscribe connections of a user from a channel, or from all",
  disconnect: "Close connections of a user",
  refresh: "Change the expiry of connections of a user",
  block_user: "Keep a user out until a time, and close the user's connections",
  unblock_user: "Let a blocked user connect again",
  presence: "Who is subscribed to a channel",
  presence_stats: "How many are subscribed to a channel",
  history: "Stored publications of a channel, and the position of its stream",
  history_remove: "Remove the stored publications of a channel",
  channels: "Channels that have subscribers",
  info: "The hubs of the gateway",
  overview: "What an operator sees of the whole gateway",
  overview_channels: "Channels by their subscribers, page by page",
  user_connections: "The connections of a user",
  room_publish: "Publish to a topic of a room",
  room_sockets: "The open sockets of a room, page by page",
  room_close: "Close every socket of a room",
  room_call: "Call a function of a room's kind",
  batch: "Run several commands, in order unless `parallel`",
};

const UNREADABLE = {
  400: { description: "The body is not a JSON object" },
  401: { description: "The key is missing or unknown, or the gateway has none" },
  413: { description: "The body is too large" },
};

/** The OpenAPI 3.1 document of the server API, made from the schemas that requests are checked with. */
export function openApiDocument(): JsonSchema {
  return {
    openapi: "3.1.1",
    info: { title: "Poorwill server API", version: "1", description: DESCRIPTION },
    servers: [{ url: "/" }],
    security: [{ header: [] }, { authorization: [] }, { operator: [] }, { query: [] }],
    paths: {
      ...Object.fromEntries(API_METHODS.map((method) => [`/api/${method}`, { post: operation(method) }])),
      "/api/operator_token": { post: OPERATOR_TOKEN },
      "/api/trace": { post: TRACE },
    },
    components: {
      securitySchemes: {
        header: { type: "apiKey", in: "header", name: "X-API-Key" },
        authorization: {
          type: "apiKey",
          in: "header",
          name: "Authorization",
          description: "`apikey` and the key",
        },
        operator: { type: "http", scheme: "bearer", description: "The token of `/api/operator_token`" },
        query: { type: "apiKey", in: "query", name: "api_key" },
      },
      schemas: {
        ...Object.fromEntries(API_METHODS.map((method) => [requestName(method), requestSchema(method)])),
        ...Object.fromEntries(API_METHODS.map((method) => [resultName(method), resultSchema(method)])),
        ...Object.fromEntries(Object.entries(PARTS).map(([name, schema]) => [name, toJsonSchema(schema)])),
        Command: {
          ...byMethod(requestName),
          minProperties: 1,
          maxProperties: 1,
          description: "One method and its request",
        },
        Reply: byMethod(resultName, { error: reference("Error") }),
      },
    },
  };
}

/** What a trace is asked and tells: no batch and no binding has it. */
const TRACE: JsonSchema = {
  operationId: "trace",
  summary: "Follow what one client, one user or those in a channel do",
  requestBody: { required: true, content: jsonContent(toJsonSchema(traceRequest)) },
  responses: {
    200: {
      description: "Lines of JSON, or an error",
      content: {
        "application/x-ndjson": { schema: { type: "string" } },
        ...jsonContent(wrapped("error", reference("Error"))),
      },
    },
    401: UNREADABLE[401],
  },
};

/** No batch and no binding has it either. */
const OPERATOR_TOKEN: JsonSchema = {
  operationId: "operator_token",
  summary: "Exchange a key with rights for a token of ten minutes",
  security: [{ header: [] }, { authorization: [] }],
  responses: {
    200: {
      description: "The token, or error 103 for a key without rights",
      content: jsonContent({
        anyOf: [wrapped("result", reference("OperatorToken")), wrapped("error", reference("Error"))],
      }),
    },
    401: UNREADABLE[401],
  },
};

const DESCRIPTION =
  "An error of a command is answered with status 200 and `error`. With the request header " +
  "`X-Centrifugo-Error-Mode: transport` it is answered with a status of its own, and the error is the whole body.";

function operation(method: ApiMethod): JsonSchema {
  return {
    operationId: method,
    summary: SUMMARIES[method],
    parameters: [
      {
        name: "X-Centrifugo-Error-Mode",
        in: "header",
        required: false,
        schema: { type: "string", enum: ["transport"] },
      },
    ],
    requestBody: { required: true, content: jsonContent(reference(requestName(method))) },
    responses: {
      200: {
        description: "The result, or the error of the command",
        content: jsonContent({
          anyOf: [answered(method), wrapped("error", reference("Error"))],
        }),
      },
      ...UNREADABLE,
      default: {
        description: "The error of the command, where the transport is to carry it",
        content: jsonContent(reference("Error")),
      },
    },
  };
}

function answered(method: ApiMethod): JsonSchema {
  const result = reference(resultName(method));
  return isWrapped(method) ? wrapped("result", result) : result;
}

function requestSchema(method: ApiMethod): JsonSchema {
  return toJsonSchema(REQUESTS[method]);
}

function resultSchema(method: ApiMethod): JsonSchema {
  return toJsonSchema(RESULTS[method]);
}

/** An object with a member for each method that may stand in a batch. */
function byMethod(nameOf: (method: ApiMethod) => string, more: JsonSchema = {}): JsonSchema {
  const methods = API_METHODS.filter((method) => method !== "batch");
  return {
    type: "object",
    properties: {
      ...Object.fromEntries(methods.map((method) => [method, reference(nameOf(method))])),
      ...more,
    },
  };
}

function requestName(method: ApiMethod): string {
  return `${capitalized(method)}Request`;
}

function resultName(method: ApiMethod): string {
  return `${capitalized(method)}Result`;
}

function capitalized(method: ApiMethod): string {
  return method.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function reference(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

function wrapped(key: string, schema: JsonSchema): JsonSchema {
  return { type: "object", properties: { [key]: schema }, required: [key] };
}

function jsonContent(schema: JsonSchema): JsonSchema {
  return { "application/json": { schema } };
}
