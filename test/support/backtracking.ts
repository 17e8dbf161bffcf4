import { overlap } from "../../src/shared/regex/char-set.ts";
import type { Regex } from "../../src/shared/regex/parse.ts";

/** What a backtracking matcher does, as ECMAScript describes it: one step for each character or condition that it tries. */
export class BacktrackingMatcher {
  readonly #regex: Regex;
  #steps = 0;

  constructor(regex: Regex) {
    this.#regex = regex;
  }

  /** Whether the expression matches anywhere in a text, and the steps that it took to find out. */
  test(text: string): { readonly matches: boolean; readonly steps: number } {
    this.#steps = 0;
    let matches = false;
    for (let at = 0; at <= text.length && !matches; at += 1) {
      matches = this.#match(this.#regex, text, at, () => true);
    }
    return { matches, steps: this.#steps };
  }

  #match(regex: Regex, text: string, at: number, then: (at: number) => boolean): boolean {
    switch (regex.kind) {
      case "sequence": {
        const [first, ...rest] = regex.items;
        if (first === undefined) return then(at);
        return this.#match(first, text, at, (next) =>
          this.#match({ kind: "sequence", items: rest }, text, next, then),
        );
      }
      case "choice":
        return regex.options.some((option) => this.#match(option, text, at, then));
      case "repeat":
        return this.#repeat(regex, text, at, then);
      case "characters": {
        this.#steps += 1;
        const character = text.charCodeAt(at);
        return at < text.length && overlap(regex.set, [[character, character]]) && then(at + 1);
      }
      default:
        this.#steps += 1;
        return holds(regex.kind, text, at) && then(at);
    }
  }

  #repeat(
    { body, min, max }: Extract<Regex, { kind: "repeat" }>,
    text: string,
    at: number,
    then: (at: number) => boolean,
  ): boolean {
    if (max === 0) return then(at);
    const rest = { kind: "repeat", body, min: Math.max(0, min - 1), max: max - 1 } as const;
    const again = (next: number) => (min > 0 || next > at) && this.#repeat(rest, text, next, then);
    return this.#match(body, text, at, again) || (min === 0 && then(at));
  }
}

function holds(kind: "start" | "end" | "boundary", text: string, at: number): boolean {
  if (kind === "start") return at === 0;
  if (kind === "end") return at === text.length;
  return isWord(text[at - 1]) !== isWord(text[at]);
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /\w/.test(character);
}
