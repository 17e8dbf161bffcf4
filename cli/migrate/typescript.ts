/** Columns that a line may have before it is broken. */
const WIDTH = 110;

/** A value of literals as TypeScript, laid out as a formatter would. */
export function asTypeScript(value: unknown, indent = "", used = indent.length): string {
  const oneLine = inOneLine(value);
  if (used + oneLine.length < WIDTH) return oneLine;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => `${inner}${asTypeScript(item, inner)},\n`).join("")}${indent}]`;
  }
  if (typeof value !== "object" || value === null) return oneLine;
  const members = Object.entries(value).map(([key, member]) => {
    const start = `${inner}${keyText(key)}: `;
    return `${start}${asTypeScript(member, inner, start.length)},\n`;
  });
  return `{\n${members.join("")}${indent}}`;
}

function inOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inOneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${keyText(key)}: ${inOneLine(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}
