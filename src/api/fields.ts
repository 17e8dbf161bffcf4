import * as v from "valibot";
import { isFields } from "../protocol/json/fields.ts";
import { jsonOfBytes, payloadText } from "../protocol/json/payload.ts";
import { isTooDeep } from "../protocol/json/raw-json.ts";
import type { Bytes, Json } from "../protocol/messages.ts";
import { bytesOfBase64 } from "../shared/encodings.ts";
import { API_LIMITS, CHANNEL_LIMITS } from "../shared/limits.ts";
import { exceeds } from "../shared/payload-size.ts";

/** The JSON Schema of something that valibot cannot describe; `openapi.ts` puts it into the document. */
export const described = <Input>(jsonSchema: Readonly<Record<string, unknown>>) =>
  v.metadata<Input, { jsonSchema: Readonly<Record<string, unknown>> }>({ jsonSchema });

export const flag = v.nullish(v.boolean(), false);
export const text = v.nullish(v.pipe(v.string(), v.maxLength(API_LIMITS.textLength)), "");
export const count = v.nullish(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0);

/** A name that a channel may have. Whether its namespace exists is decided at its home. */
export const channel = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.maxLength(CHANNEL_LIMITS.nameLength),
  v.check((name) => name.isWellFormed()),
);

/** A user that a command can name. The user "" stands for every anonymous user, so no command can name it. */
export const user = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.maxLength(API_LIMITS.textLength),
  v.check((name) => name.isWellFormed()),
);

/** An object with these members; others are ignored. */
export function object<Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(v.custom<Readonly<Record<string, unknown>>>(isFields), v.object(entries));
}

/** Any JSON value of at most `limit` bytes and not nested too deeply, as JSON text. */
export function json(limit: number) {
  return v.optional(
    v.pipe(
      v.unknown(),
      v.rawTransform(({ dataset, addIssue, NEVER }): Json | undefined => {
        const written = writeJson(dataset.value);
        if (written !== "unwritable" && (written.text === undefined || fits(written.text, limit)))
          return written.text;
        addIssue();
        return NEVER;
      }),
      described({}),
    ),
  );
}

/** A JSON list of at most `limit` bytes, as JSON text. */
export function jsonList(limit: number) {
  return v.pipe(
    json(limit),
    v.check((list) => list === undefined || list.startsWith("[")),
    described({ type: ["array", "null"], items: {} }),
  );
}

/** Whether a text is base64. */
export function isBase64(text: string): boolean {
  try {
    atob(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON in base64, of at most `limit` bytes, as JSON text. */
export function encodedJson(limit: number) {
  return v.nullish(
    v.pipe(
      v.string(),
      v.maxLength(Math.ceil(limit / 3) * 4),
      v.rawTransform(({ dataset, addIssue, NEVER }): Json | undefined => {
        if (dataset.value === "") return undefined;
        const decoded = decodeJson(dataset.value);
        if (decoded !== undefined && fits(decoded, limit)) return decoded;
        addIssue();
        return NEVER;
      }),
      described({ contentEncoding: "base64" }),
    ),
  );
}

/** Any bytes in base64, at most `limit` of them. */
export function base64Bytes(limit: number) {
  return v.nullish(
    v.pipe(
      v.string(),
      v.maxLength(Math.ceil(limit / 3) * 4),
      v.rawTransform(({ dataset, addIssue, NEVER }): Bytes | undefined => {
        if (dataset.value === "") return undefined;
        const decoded = decodeBase64(dataset.value);
        if (decoded !== undefined && decoded.length <= limit) return decoded;
        addIssue();
        return NEVER;
      }),
      described({ contentEncoding: "base64" }),
    ),
  );
}

const isTags = (value: unknown): value is Readonly<Record<string, string>> =>
  isFields(value) &&
  Object.values(value).every((tag) => typeof tag === "string") &&
  !exceeds(API_LIMITS.tagsSize, JSON.stringify(value));

/** Texts by name. Not v.record: it silently drops a tag named "constructor" (valibot 1.5). */
export const tags = v.nullish(
  v.pipe(
    v.custom<Readonly<Record<string, string>>>(isTags),
    described({ type: "object", additionalProperties: { type: "string" } }),
  ),
);

/** A place in a stream. */
export const position = v.nullish(object({ offset: count, epoch: text }));

function fits(json: Json, limit: number): boolean {
  return !exceeds(limit, json) && !isTooDeep(json);
}

function writeJson(value: unknown): { readonly text: Json | undefined } | "unwritable" {
  try {
    return { text: payloadText(value) };
  } catch {
    // Nested too deeply; from a service binding also cyclic, or a BigInt.
    return "unwritable";
  }
}

function decodeJson(base64: string): Json | undefined {
  const decoded = decodeBase64(base64);
  return decoded && jsonOfBytes(decoded);
}

function decodeBase64(base64: string): Bytes | undefined {
  try {
    return bytesOfBase64(base64);
  } catch {
    return undefined;
  }
}
