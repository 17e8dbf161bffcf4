import type * as v from "valibot";

/**
 * Where a request is wrong and what was expected there, for the log: `channel: expected string`. Nothing that was sent
 * is repeated, so the library's own messages, which quote it, are not used.
 */
export function whyBad(issue: v.BaseIssue<unknown>): string {
  const names = issue.path?.flatMap(({ key }) => (typeof key === "string" ? [key] : [])) ?? [];
  return `${names.join(".") || "parameters"}: ${expectationOf(issue)}`;
}

function expectationOf({ type, expected, received }: v.BaseIssue<unknown>): string {
  switch (type) {
    case "object":
      // For a missing member, the library says that it expected the member's name.
      return received === "undefined" ? "is missing" : "expected object";
    case "custom":
      return "expected object";
    case "min_length":
    case "max_length":
      return `expected length ${expected}`;
    case "non_empty":
      return "expected more than nothing";
    case "check":
    case "raw_transform":
      return "is malformed or too long";
    default:
      return expected === null ? "is out of range" : `expected ${expected}`;
  }
}
