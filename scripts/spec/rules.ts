/** Reads rules, and what cites them, out of texts. */

export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

export interface Rule {
  readonly id: string;
  readonly file: string;
  readonly section: string;
  /** The rules that now say the same; empty for a rule that stands. */
  readonly mergedInto: readonly string[];
}

/** The rules at the start of one test title: `"ROOM-04 ROOM-05: what is promised"`. */
export interface Citation {
  readonly file: string;
  readonly ids: readonly string[];
}

const ID = /\b[A-Z]+-\d+\b/g;
const SECTION = /^## (.+)$/;
const RULE = /^- \*\*([A-Z]+-\d+)\*\*(?:: merged into (.+)\.$)?/;
/** The start of a title, up to its colon; also of one that `test.each` or a template makes. */
const TITLE = /["'`]((?:[A-Z]+-\d+[\s,]+)*[A-Z]+-\d+):/g;

export function rulesOf({ name, text }: SourceFile): Rule[] {
  const rules: Rule[] = [];
  let section = "";
  for (const line of text.split("\n")) {
    section = SECTION.exec(line)?.[1] ?? section;
    const [, id, survivors] = RULE.exec(line) ?? [];
    if (id !== undefined) rules.push({ id, file: name, section, mergedInto: idsIn(survivors ?? "") });
  }
  return rules;
}

export function citationsOf({ name, text }: SourceFile): Citation[] {
  return [...text.matchAll(TITLE)].map(([, ids = ""]) => ({ file: name, ids: idsIn(ids) }));
}

export function idsIn(text: string): string[] {
  return text.match(ID) ?? [];
}

export function prefixOf(id: string): string {
  return id.slice(0, id.lastIndexOf("-"));
}
