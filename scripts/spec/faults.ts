import { type Citation, citationsOf, idsIn, prefixOf, type Rule, rulesOf, type SourceFile } from "./rules.ts";

/** What `npm run spec` reads. */
export interface Sources {
  /** The files of rules. */
  readonly spec: readonly SourceFile[];
  readonly tests: readonly SourceFile[];
  /** The pages that name rules. */
  readonly docs: readonly SourceFile[];
}

/** What is wrong with the rules, their proofs and what names them: one line each. */
export function faultsOf({ spec, tests, docs }: Sources): string[] {
  const rules = spec.flatMap(rulesOf);
  const known = new Map(rules.map((rule) => [rule.id, rule]));
  const citations = tests.flatMap(citationsOf);
  return [
    ...emptyFiles(spec),
    ...repeated(rules),
    ...outOfOrder(rules),
    ...badMerges(rules, known),
    ...unproved(rules, citations),
    ...citations.flatMap((citation) => badCitation(citation, known)),
    ...docs.flatMap((page) => badMentions(page, known)),
  ];
}

/** How many rules stand. */
export function countOf(spec: readonly SourceFile[]): number {
  return spec.flatMap(rulesOf).filter(({ mergedInto }) => mergedInto.length === 0).length;
}

function emptyFiles(spec: readonly SourceFile[]): string[] {
  return spec.filter((file) => rulesOf(file).length === 0).map(({ name }) => `${name} has no rules`);
}

function repeated(rules: readonly Rule[]): string[] {
  const seen = new Set<string>();
  return rules
    .filter(({ id }) => seen.size === seen.add(id).size)
    .map(({ id, file }) => `${id} of ${file} is numbered twice`);
}

/** A section may hold several prefixes, each in the order of its numbers. */
function outOfOrder(rules: readonly Rule[]): string[] {
  const last = new Map<string, Rule>();
  return rules.flatMap((rule) => {
    const key = `${rule.file} ${rule.section} ${prefixOf(rule.id)}`;
    const before = last.get(key);
    last.set(key, rule);
    if (before === undefined || numberOf(before) <= numberOf(rule)) return [];
    return [`${rule.id} of ${rule.file} stands behind ${before.id}`];
  });
}

function badMerges(rules: readonly Rule[], known: ReadonlyMap<string, Rule>): string[] {
  return rules.flatMap(({ id, mergedInto }) =>
    mergedInto.flatMap((survivor) => {
      const rule = known.get(survivor);
      if (rule === undefined) return [`${id} is merged into ${survivor}, which is no rule`];
      return isMerged(rule) ? [`${id} is merged into ${survivor}, which is merged itself`] : [];
    }),
  );
}

function unproved(rules: readonly Rule[], citations: readonly Citation[]): string[] {
  const cited = new Set(citations.flatMap(({ ids }) => ids));
  return rules
    .filter((rule) => !isMerged(rule) && !cited.has(rule.id))
    .map(({ id, file }) => `${id} of ${file}: no test title cites it`);
}

function badCitation({ file, ids }: Citation, known: ReadonlyMap<string, Rule>): string[] {
  const unknown = unknownOf(ids, known);
  if (unknown.length > 0) return unknown.map((id) => `${file}: a title cites ${id}, which is no rule`);
  const rules = ids.flatMap((id) => known.get(id) ?? []);
  if (rules.length === 0 || rules.some((rule) => !isMerged(rule))) return [];
  return rules.map(({ id, mergedInto }) => `${file}: a title cites ${id} alone: ${mergedInto.join(", ")}`);
}

function badMentions({ name, text }: SourceFile, known: ReadonlyMap<string, Rule>): string[] {
  const ids = [...new Set(idsIn(text))];
  const merged = ids.flatMap((id) => known.get(id) ?? []).filter(isMerged);
  return [
    ...unknownOf(ids, known).map((id) => `${name} names ${id}, which is no rule`),
    ...merged.map(({ id, mergedInto }) => `${name} names ${id}, which is merged: ${mergedInto.join(", ")}`),
  ];
}

/** Those that look like rules; `UTF-8` and its kind have no prefix of a rule. */
function unknownOf(ids: readonly string[], known: ReadonlyMap<string, Rule>): string[] {
  const prefixes = new Set([...known.keys()].map(prefixOf));
  return ids.filter((id) => !known.has(id) && prefixes.has(prefixOf(id)));
}

function isMerged({ mergedInto }: Rule): boolean {
  return mergedInto.length > 0;
}

function numberOf({ id }: Rule): number {
  return Number(id.slice(id.lastIndexOf("-") + 1));
}
