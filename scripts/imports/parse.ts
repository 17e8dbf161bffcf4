/** One import of a file, as it is written. */
export interface Import {
  readonly from: string;
  /** Whether nothing of it is left when the file runs. */
  readonly isType: boolean;
}

const STATEMENT = /^(?:import|export) (type )?(?:([^;"']*?) from )?"([^"]+)";$/gm;
const DYNAMIC = /\bimport\("([^"]+)"\)/g;

/** What a file imports or passes on. */
export function importsOf(text: string): Import[] {
  const statements = [...text.matchAll(STATEMENT)].map(([, type, names, from = ""]) => ({
    from,
    isType: type !== undefined || bringsTypesOnly(names),
  }));
  const dynamic = [...text.matchAll(DYNAMIC)].map(([, from = ""]) => ({ from, isType: false }));
  return [...statements, ...dynamic];
}

/** `import { type A, type B }`: the import itself stays when the file runs, but brings no value. */
function bringsTypesOnly(names: string | undefined): boolean {
  const listed = /^\{([\s\S]*)\}$/.exec(names?.trim() ?? "")?.[1];
  if (listed === undefined) return false;
  const parts = listed.split(",").map((part) => part.trim());
  return parts.every((part) => part === "" || part.startsWith("type "));
}
