/** Whether a line of .gitignore keeps a file or folder at the top out of git. */
export function isIgnored(gitignore: string | undefined, name: string): boolean {
  return (gitignore ?? "").split("\n").some((line) => patternOf(line.trim()).test(name));
}

function patternOf(line: string): RegExp {
  const parts = line.replace(/^\//, "").replace(/\/$/, "").split("*");
  return new RegExp(`^${parts.map((part) => part.replaceAll(/[^\w-]/g, "\\$&")).join(".*")}$`);
}
