/** Members of a JSON object being written. A member that is left out is "". */
import type { Json } from "../messages.ts";

export function object(members: readonly string[]): Json {
  return `{${members.filter((member) => member !== "").join(",")}}`;
}

export function member(key: string, value: Json | undefined): string {
  return value === undefined ? "" : `"${key}":${value}`;
}

export function flagMember(key: string, value: boolean): string {
  return value ? `"${key}":true` : "";
}

export function numberMember(key: string, value: number): string {
  return value === 0 ? "" : `"${key}":${value}`;
}

export function textMember(key: string, value: string): string {
  return value === "" ? "" : `"${key}":${JSON.stringify(value)}`;
}

export function listMember(key: string, values: readonly Json[]): string {
  return values.length === 0 ? "" : `"${key}":[${values.join(",")}]`;
}

/** An object with keys of any text. */
export function dictionary(entries: Iterable<readonly [key: string, value: Json]>): Json {
  return object(Array.from(entries, ([key, value]) => `${JSON.stringify(key)}:${value}`));
}
