/** Text as it is: the characters that turn others around, or cannot be seen at all, are told apart. */

export interface TextPart {
  readonly text: string;
  /** Whether `text` is the name of one such character, like `U+202E`, in its place. */
  readonly isName: boolean;
}

/** Controls, and what sets the direction of text. Blanks, tabs and line breaks are seen well enough. */
const UNSEEN = /((?![\t\n\r])[\p{Cc}\p{Bidi_Control}\u200b\u2060-\u2064\ufeff])/u;

/** Splits a text where it holds a character that is not seen as what it is. */
export function namingUnseen(text: string): readonly TextPart[] {
  return text
    .split(UNSEEN)
    .map((part, index) => ({ text: index % 2 === 1 ? nameOf(part) : part, isName: index % 2 === 1 }))
    .filter((part) => part.text !== "");
}

function nameOf(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}
