/** The first block of code of a document that is described by exactly this. Throws when there is none. */
export function snippetIn(document: string, description: string): string {
  const code = document.split(`\`\`\`${description}\n`)[1]?.split("\n```")[0];
  if (code === undefined) throw new Error(`no block of code is ${description}`);
  return `${code}\n`;
}

/** A section of a document, from its heading on. */
export function sectionOf(document: string, heading: string): string {
  const [, section] = document.split(`## ${heading}\n`);
  if (section === undefined) throw new Error(`no section is ${heading}`);
  return section;
}
