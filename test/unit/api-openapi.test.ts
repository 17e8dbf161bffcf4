import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { toJsonSchema } from "../../src/api/json-schema.ts";
import { openApiDocument } from "../../src/api/openapi.ts";
import { API_METHODS, type ApiMethod, readRequest } from "../../src/api/schemas.ts";

type Node = Readonly<Record<string, unknown>>;

const document = JSON.parse(JSON.stringify(openApiDocument())) as Node;
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What JSON Schema 2020-12 says of the keywords that are used here. */
const KEYWORDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  $ref: (value) => typeof value === "string" && resolve(value) !== undefined,
  type: (value) => ["object", "array", "string", "number", "integer", "boolean"].includes(String(value)),
  properties: (value) => isNode(value) && Object.values(value).every(isSchema),
  additionalProperties: isSchema,
  items: isSchema,
  anyOf: (value) => Array.isArray(value) && value.length > 0 && value.every(isSchema),
  required: (value) => Array.isArray(value) && new Set(value).size === value.length,
  enum: (value) => Array.isArray(value),
  const: () => true,
  default: () => true,
  description: (value) => typeof value === "string",
  contentEncoding: (value) => value === "base64",
  ...Object.fromEntries(
    ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"].map((keyword) => [
      keyword,
      (value: unknown) => Number.isInteger(value) && Number(value) >= 0,
    ]),
  ),
  minimum: (value) => typeof value === "number",
  maximum: (value) => typeof value === "number",
};

function isSchema(value: unknown): boolean {
  if (!isNode(value)) return false;
  for (const [keyword, argument] of Object.entries(value)) {
    if (KEYWORDS[keyword]?.(argument) !== true) throw new Error(`${keyword}: ${JSON.stringify(argument)}`);
  }
  return true;
}

/** What a reference within the document points at. */
function resolve(reference: string): unknown {
  if (!reference.startsWith("#/")) return undefined;
  return reference
    .slice(2)
    .split("/")
    .reduce<unknown>((node, key) => (isNode(node) ? node[key] : undefined), document);
}

/** Whether a value is valid, as far as the keywords that are used here go. */
function accepts(schema: Node, value: unknown): boolean {
  if (typeof schema.$ref === "string") return accepts(resolve(schema.$ref) as Node, value);
  const { type, anyOf, properties = {}, required = [], items, additionalProperties } = schema;
  if (Array.isArray(anyOf) && !anyOf.some((option) => accepts(option as Node, value))) return false;
  if ("const" in schema && schema.const !== value) return false;
  if (type !== undefined && typeOf(value) !== type && !(type === "number" && typeOf(value) === "integer"))
    return false;
  if (typeof value === "string") return between(schema, "Length", value.length);
  if (typeof value === "number")
    return value >= Number(schema.minimum ?? value) && value <= Number(schema.maximum ?? value);
  if (Array.isArray(value))
    return (
      between(schema, "Items", value.length) && value.every((item) => accepts((items ?? {}) as Node, item))
    );
  if (!isNode(value)) return true;
  const members = Object.entries(value).every(([key, member]) =>
    accepts(((properties as Node)[key] ?? additionalProperties ?? {}) as Node, member),
  );
  return (
    members &&
    (required as string[]).every((key) => key in value) &&
    between(schema, "Properties", Object.keys(value).length)
  );
}

function between(schema: Node, unit: string, size: number): boolean {
  return size >= Number(schema[`min${unit}`] ?? 0) && size <= Number(schema[`max${unit}`] ?? size);
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : value === null ? "null" : typeof value;
}

const schemaOf = (method: ApiMethod): Node => {
  const { requestBody } =
    (resolve(`#/paths`) as Record<string, { post: Node }>)[`/api/${method}`]?.post ?? {};
  return (
    (requestBody as { content: Record<string, { schema: Node }> }).content["application/json"]?.schema ?? {}
  );
};

describe("the OpenAPI document", () => {
  test("API-60: it has the members that OpenAPI 3.1 wants", () => {
    expect(document).toMatchObject({
      openapi: expect.stringMatching(/^3\.1\.\d$/),
      info: { title: expect.any(String), version: expect.any(String) },
    });
    expect(
      Object.keys(document).filter(
        (key) => !["openapi", "info", "servers", "security", "paths", "components"].includes(key),
      ),
    ).toEqual([]);
    const { securitySchemes, schemas } = document.components as Record<string, Record<string, Node>>;
    for (const scheme of Object.values(securitySchemes ?? {})) {
      expect(scheme).toMatchObject({
        type: "apiKey",
        in: expect.stringMatching(/^(header|query)$/),
        name: expect.any(String),
      });
    }
    for (const requirement of document.security as Node[]) {
      for (const name of Object.keys(requirement)) expect(securitySchemes).toHaveProperty(name);
    }
    for (const name of Object.keys(schemas ?? {})) expect(name).toMatch(/^[\w.-]+$/);
  });

  test("API-60: each method has one operation, with a request, a response and parameters", () => {
    const paths = document.paths as Record<string, Record<string, Node>>;
    expect(Object.keys(paths)).toEqual(API_METHODS.map((method) => `/api/${method}`));
    const operations = Object.values(paths).map(({ post, ...others }) => {
      expect(others).toEqual({});
      return post as Node;
    });
    expect(operations.map(({ operationId }) => operationId)).toEqual(API_METHODS);
    for (const { requestBody, responses, parameters } of operations) {
      expect(requestBody).toMatchObject({ required: true });
      for (const [status, response] of Object.entries(responses as Record<string, Node>)) {
        expect(status).toMatch(/^(\d{3}|default)$/);
        expect(response.description).toEqual(expect.any(String));
      }
      for (const parameter of parameters as Node[]) {
        expect(parameter).toMatchObject({ in: "header", name: expect.any(String) });
        expect(isSchema(parameter.schema)).toBe(true);
      }
    }
  });

  test("API-60: every schema is one, and every reference leads somewhere", () => {
    const { schemas } = document.components as Record<string, Node>;
    for (const [name, schema] of Object.entries(schemas ?? {})) expect(isSchema(schema), name).toBe(true);
    const references = JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g);
    for (const [, reference = ""] of references) expect(resolve(reference), reference).toBeDefined();
    for (const method of API_METHODS) expect(isSchema(schemaOf(method))).toBe(true);
  });

  test.each<[ApiMethod, Node, boolean]>([
    ["publish", { channel: "a", data: { any: [1] } }, true],
    ["publish", { channel: "a", data: 1, tags: { a: "b" }, version: 1, delta: true, unknown: 1 }, true],
    ["publish", { channel: "", data: 1 }, false],
    ["publish", { data: 1 }, false],
    ["publish", { channel: "x".repeat(256), data: 1 }, false],
    ["publish", { channel: "a", data: 1, tags: { a: 1 } }, false],
    ["publish", { channel: "a", data: 1, version: 1.5 }, false],
    ["publish", { channel: "a", data: 1, version: -1 }, false],
    ["publish", { channel: "a", data: 1, skip_history: "yes" }, false],
    ["broadcast", { channels: ["a"], data: 1 }, true],
    ["broadcast", { channels: [], data: 1 }, false],
    ["broadcast", { channels: "a", data: 1 }, false],
    ["subscribe", { user: "u", channel: "a", override: { presence: { value: true } } }, true],
    ["subscribe", { user: "u", channel: "a", override: { presence: true } }, false],
    ["subscribe", { user: "", channel: "a" }, false],
    ["subscribe", { user: "u", channel: "a", recover_since: { offset: 1, epoch: "e" } }, true],
    ["subscribe", { user: "u", channel: "a", recover_since: { offset: "1" } }, false],
    ["unsubscribe", { user: "u", channel: "" }, true],
    ["unsubscribe", { user: "u" }, true],
    ["unsubscribe", {}, false],
    ["disconnect", { user: "u", disconnect: { code: 4000, reason: "r" }, whitelist: ["a"] }, true],
    ["disconnect", { user: "u", disconnect: { code: 1000 } }, false],
    ["refresh", { user: "u", expire_at: 1, expired: true }, true],
    ["refresh", { user: "u", expire_at: "1" }, false],
    ["history", { channel: "a", limit: -1, since: { offset: 0, epoch: "" }, reverse: false }, true],
    ["history", { channel: "a", limit: "1" }, false],
    ["history_remove", { channel: "a" }, true],
    ["presence", {}, false],
    ["presence_stats", { channel: 1 }, false],
    ["channels", { pattern: "a*" }, true],
    ["channels", { pattern: 1 }, false],
    ["info", {}, true],
    ["batch", { commands: [{ publish: { channel: "a", data: 1 } }] }, true],
    ["batch", {}, false],
    ["batch", { commands: {} }, false],
  ])("API-61: the document says of %s %j what the gateway does", (method, request, isRight) => {
    expect(accepts(schemaOf(method), request)).toBe(isRight);
    expect(readRequest(method, request) !== undefined).toBe(isRight);
  });

  test("API-61: a kind of schema that cannot be described is an error", () => {
    expect(() => toJsonSchema(v.date())).toThrow("of type date");
  });

  test("API-62: the guide names every method", async () => {
    const guide = await readFile("docs/api.md", "utf8");
    for (const method of API_METHODS) expect(guide).toContain(`\`${method}\``);
  });
});
