import { readFile } from "node:fs/promises";
import { Validator } from "@seriousme/openapi-schema-validator";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { answerResponse, failed } from "../../src/api/errors.ts";
import { toJsonSchema } from "../../src/api/json-schema.ts";
import type { ApiMethod } from "../../src/api/method-types.ts";
import { openApiDocument } from "../../src/api/openapi.ts";
import { RESULTS } from "../../src/api/results.ts";
import { API_METHODS, readRequest } from "../../src/api/schemas.ts";
import { ERRORS } from "../../src/shared/codes.ts";
import { compilerFor, type OpenApiDocument, type Schema, schemaOf } from "../support/openapi.ts";

const document = JSON.parse(JSON.stringify(openApiDocument())) as OpenApiDocument;
const compile = compilerFor(document);

describe("the OpenAPI document", () => {
  test("API-60: a validator of OpenAPI 3.1 finds nothing to say against it", async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
    expect(validator.version).toBe("3.1");
  });

  test("API-60: the validator would say so", async () => {
    expect(await new Validator().validate({ ...document, info: {} })).toMatchObject({ valid: false });
  });

  test("API-60 RIGHT-10: each method has one operation, and so have the exchange of a key and traces", () => {
    const methods = [...API_METHODS, "operator_token", "trace"];
    expect(Object.keys(document.paths)).toEqual(methods.map((method) => `/api/${method}`));
    const operations = Object.values(document.paths).map((path) => Object.entries(path));
    expect(
      operations.map((entries) => entries.map(([verb, { operationId }]) => [verb, operationId])),
    ).toEqual(methods.map((method) => [["post", method]]));
  });

  test("API-60: every schema is one of JSON Schema 2020-12, and every reference leads somewhere", () => {
    for (const name of Object.keys(document.components.schemas))
      expect(() => compile({ $ref: `#/components/schemas/${name}` }), name).not.toThrow();
    const references = JSON.stringify(document.paths).matchAll(/"\$ref":"([^"]*)"/g);
    for (const [, $ref = ""] of references) expect(() => compile({ $ref }), $ref).not.toThrow();
  });

  test.each<[ApiMethod, Schema, boolean]>([
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
    [
      "publish",
      { channel: "a", data: 1, b64data: null, tags: null, version: null, skip_history: null },
      true,
    ],
    ["publish", { channel: null, data: 1 }, false],
    ["publish", { channel: "a", data: 1, version: Number.MAX_SAFE_INTEGER }, true],
    ["publish", { channel: "a", data: 1, version: Number.MAX_SAFE_INTEGER + 1 }, false],
    ["subscribe", { user: "u", channel: "a", recover_since: { offset: 1, epoch: "e" } }, true],
    ["subscribe", { user: "u", channel: "a", recover_since: null, override: { presence: null } }, true],
    ["disconnect", { user: "u", disconnect: null, whitelist: null, client: null }, true],
    ["refresh", { user: "u", expire_at: null, expired: null, b64info: null }, true],
    ["history", { channel: "a", since: null, limit: null, reverse: null }, true],
    ["channels", { pattern: null }, true],
    ["batch", { commands: [], parallel: null }, true],
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
    ["room_publish", { kind: "chat", room: "a", topic: "t", data: "x" }, true],
    ["room_publish", { kind: "chat", room: "a", topic: "t", b64data: "AQID", data: null }, true],
    ["room_publish", { kind: "chat", room: "a", topic: "t", data: 1 }, false],
    ["room_publish", { kind: "chat", room: "a", data: "x" }, false],
    ["room_sockets", { kind: "chat", room: "a", after: null, limit: 1_000, data: true }, true],
    ["room_sockets", { kind: "chat", room: "a", limit: 0 }, false],
    ["room_sockets", { kind: "chat" }, false],
    ["room_close", { kind: "chat", room: "a", code: 1000, reason: "r" }, true],
    ["room_close", { kind: "chat", room: "a", code: "1000" }, false],
    ["room_call", { kind: "chat", room: "a", name: "kick", arguments: ["x", { y: 1 }] }, true],
    ["room_call", { kind: "chat", room: "a", name: "kick", arguments: null }, true],
    ["room_call", { kind: "chat", room: "a", name: "kick", arguments: "x" }, false],
    ["batch", { commands: [{ publish: { channel: "a", data: 1 } }] }, true],
    ["batch", {}, false],
    ["batch", { commands: {} }, false],
  ])("API-61: the document says of %s %j what the gateway does", (method, request, isRight) => {
    expect(compile(schemaOf(document, method, "request"))(request)).toBe(isRight);
    expect("request" in readRequest(method, request)).toBe(isRight);
  });

  test("API-61: a kind of schema that cannot be described is an error", () => {
    expect(() => toJsonSchema(v.date())).toThrow("of type date");
  });

  test("API-62: the guide names every method", async () => {
    const guide = await readFile("docs/api.md", "utf8");
    for (const method of API_METHODS) expect(guide).toContain(`\`${method}\``);
  });

  test("API-62: the guide names every error of a command, with its status", async () => {
    const guide = await readFile("docs/api.md", "utf8");
    const rows = Object.values(ERRORS)
      .map((error) => ({ ...error, status: answerResponse("publish", failed(error), true).status }))
      .filter(({ code, status }) => status !== 500 || code === ERRORS.internal.code)
      .map(({ code, message, status }) => `| ${code} | ${message} | ${status} |`);
    expect(rows.length).toBeGreaterThan(8);
    for (const row of rows) expect(guide).toContain(row);
  });

  test("API-62: the guide names every member of a node", async () => {
    const looking = (await readFile("docs/api.md", "utf8")).split("## Looking")[1]?.split("\n## ")[0] ?? "";
    const rows = looking.match(/^\| `.*?(?= \|)/gm) ?? [];
    const named = rows.flatMap((row) => row.match(/(?<=`)\w+(?=`)/g) ?? []);
    expect(named).toEqual(Object.keys(RESULTS.info.entries.nodes.item.entries));
  });
});
