/** The kit; once the package is built, all of the package. */
const KIT = pathOf(new URL("../", import.meta.url).href);

/** Folders whose code begins nothing by itself. */
const OWN_FOLDERS: readonly string[] = [
  KIT,
  // Where the package is not built, its objects stand beside the kit.
  ...(KIT.endsWith("/src/testing/") ? [KIT.replace(/src\/testing\/$/, "durable-objects/")] : []),
  "node_modules/@cloudflare/vitest-plugin/",
  "node_modules/vitest/",
];

/**
 * Where something was begun: the first line of its stack outside these folders, as the runtime tells it. Undefined for what
 * the gateway itself has begun.
 *
 * @param stack As in `Error.stack`.
 */
export function placeIn(stack: string, folders: readonly string[] = OWN_FOLDERS): string | undefined {
  const frames = stack.split("\n").flatMap((line) => /^\s*at (.+)$/.exec(line)?.[1] ?? []);
  return frames.find((frame) => !folders.some((folder) => pathOf(frame).includes(folder)));
}

/** A path as it stands in a stack, where some runtimes leave out its first slash. */
function pathOf(location: string): string {
  return location.replace("file://", "").replaceAll("\\", "/").replace(/^\//, "");
}
