/** What the package consists of, besides the files that npm always adds. */
const BELONGS = [
  /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
  /^dist\/(?:index|rooms|backend|console|testing)\.(?:js|js\.map|d\.ts)$/,
  /^dist\/shared\/[\w-]+\.(?:js|js\.map|d\.ts)$/,
  /^dist\/bin\/poorwill\.js$/,
  // The page as it is served: no source of it.
  /^dist\/console\/(?:_headers|[\w-]+\.(?:html|css|js|svg))$/,
];

/** The files of a package that nobody meant to publish. */
export function filesThatDoNotBelong(paths: readonly string[]): string[] {
  return paths.filter((path) => !BELONGS.some((pattern) => pattern.test(path)));
}
