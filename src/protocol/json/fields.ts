/**
 * Reads the members of a decoded command as proto3 does: an absent or null member has its zero value, a member of
 * another type is an error.
 */

import { MalformedCommand } from "../malformed.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** The members of an object, or undefined where there is none. */
export function readObject(fields: Fields, key: string): Fields | undefined {
  const value = fields[key];
  if (value === undefined || value === null) return undefined;
  if (isFields(value)) return value;
  throw new MalformedCommand(key);
}

/** Neither an array nor a number kept by JSON.rawJSON, which is an object without a prototype. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

export function readText(fields: Fields, key: string): string {
  const value = fields[key] ?? "";
  if (typeof value === "string") return value;
  throw new MalformedCommand(key);
}

/** Texts by name, or undefined where there are none. */
export function readTexts(fields: Fields, key: string): ReadonlyMap<string, string> | undefined {
  const texts = readObject(fields, key);
  if (texts === undefined) return undefined;
  return new Map(Object.keys(texts).map((name) => [name, readText(texts, name)]));
}

export function readFlag(fields: Fields, key: string): boolean {
  const value = fields[key] ?? false;
  if (typeof value === "boolean") return value;
  throw new MalformedCommand(key);
}

/** A whole number that a double holds exactly. */
export function readInteger(fields: Fields, key: string): number {
  const value = fields[key] ?? 0;
  if (Number.isSafeInteger(value)) return value as number;
  throw new MalformedCommand(key);
}

/** A whole number that is not negative. */
export function readCount(fields: Fields, key: string): number {
  const value = readInteger(fields, key);
  if (value >= 0) return value;
  throw new MalformedCommand(key);
}
