import { REGEX_LIMITS } from "../limits.ts";
import { parseRegex } from "./parse.ts";
import { RefusedRegex } from "./source.ts";
import { stepsOf } from "./steps.ts";

/** Kept, because objects read the configuration whenever they wake. */
const known = new Map<string, string | undefined>();

/**
 * What is wrong with a regular expression of the configuration, or undefined. It is matched with what strangers send,
 * and JavaScript's matcher tries one way after the other: an expression that can take very long is refused.
 *
 * @param flags "u", or "" for none.
 */
export function regexProblem(source: string, flags: "" | "u"): string | undefined {
  const key = `${flags}/${source}`;
  if (!known.has(key)) known.set(key, findProblem(source, flags));
  return known.get(key);
}

function findProblem(source: string, flags: "" | "u"): string | undefined {
  try {
    new RegExp(source, flags);
  } catch {
    return "is not a regular expression";
  }
  try {
    const steps = stepsOf(parseRegex(source, flags === "u"), REGEX_LIMITS.textLength);
    return steps <= REGEX_LIMITS.steps
      ? undefined
      : `may take ${numberOf(steps)} steps on some texts, of which ${numberOf(REGEX_LIMITS.steps)} are allowed`;
  } catch (failure) {
    if (failure instanceof RefusedRegex) return `may take very long, since it ${failure.message}`;
    throw failure;
  }
}

function numberOf(count: number): string {
  return count.toLocaleString("en-US", { maximumFractionDigits: 0 });
}
