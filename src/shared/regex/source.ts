/** An expression that is refused, and why. */
export class RefusedRegex extends Error {}

/** The text of an expression, and how far it has been read. */
export interface Source {
  readonly isUnicode: boolean;
  readonly isAtEnd: boolean;
  startsWith(text: string): boolean;
  /** Takes a text, if it comes next. */
  take(text: string): boolean;
  /** Takes what an expression with `^` matches, if it comes next. */
  match(regex: RegExp): RegExpExecArray | undefined;
  /** Takes the next character: a code point with the flag `u`, else a code unit. */
  next(): number;
}

export function sourceOf(text: string, isUnicode: boolean): Source {
  let at = 0;
  return {
    isUnicode,
    get isAtEnd() {
      return at >= text.length;
    },
    startsWith: (expected) => text.startsWith(expected, at),
    take(expected) {
      if (!text.startsWith(expected, at)) return false;
      at += expected.length;
      return true;
    },
    match(regex) {
      const found = regex.exec(text.slice(at)) ?? undefined;
      at += found?.[0].length ?? 0;
      return found;
    },
    next() {
      const character = (isUnicode ? text.codePointAt(at) : text.charCodeAt(at)) ?? 0;
      at += character > 0xffff ? 2 : 1;
      return character;
    },
  };
}
