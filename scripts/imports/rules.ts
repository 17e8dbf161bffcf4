/** A file of the product, and the files that it imports. */
export interface SourceFile {
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly { readonly path: string; readonly isType: boolean }[];
}

/** Lines that a file may have: what is longer has more than one role, unless a tool has written it. */
export const MOST_LINES = 300;
const GENERATED = "_pb.ts";

/**
 * The layers, the lowest first. A file may import from its own folder and from the layers below, never from above and
 * never from another folder of its layer.
 */
export const LAYERS: readonly (readonly string[])[] = [
  ["src/shared"],
  ["src/websocket", "src/protocol"],
  ["src/channels"],
  ["src/auth"],
  ["src/rooms"],
  ["src/config"],
  ["src/hub-rpc", "src/metrics", "src/proxy", "src/relay", "src/trace"],
  ["src/overview", "src/budget"],
  ["src/deployment"],
  ["src/sessions", "src/room-rpc"],
  ["src/streams"],
  ["src/presence", "src/events"],
  ["src/operations"],
  ["src/fronts"],
  ["src/api", "src/hub"],
  ["durable-objects/directory", "durable-objects/room", "durable-objects/hub"],
  ["src/routes"],
  ["src"],
  ["src/testing"],
  ["src/package"],
];

/** The Worker of this repository is its operator's own: it uses the gateway, and nothing of the gateway uses it. */
const OWN: ReadonlySet<string> = new Set(["src/worker.ts", "src/config.ts", "src/rooms/index.ts"]);

/** The bindings name the classes of the objects, as types: the only arrow that points up. */
const NAMES_CLASSES = "src/deployment";

/** Folders beside the layers, and what they take: the page runs in a browser, the command line in plain Node, the test kit in tests. */
const ASIDE: Readonly<Record<string, readonly string[]>> = {
  cli: ["src/shared", "src/channels", "src/auth", "src/config", "src/api", "src/overview", "src/trace"],
  "src/testing": ["src/shared", "src/rooms"],
  "src/client": ["src/shared", "src/websocket", "src/protocol", "src/channels", "src/overview", "src/trace"],
};

const RANKS = new Map(LAYERS.flatMap((folders, rank) => folders.map((folder) => [folder, rank] as const)));

/** Imports against the direction, each as a line to print. */
export function findWrongArrows(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, imports }) =>
    imports
      .filter((imported) => !mayImport(path, imported.path) && !namesClass(path, imported))
      .map((imported) => `${path} may not import ${imported.path}`),
  );
}

export function mayImport(from: string, to: string): boolean {
  if (OWN.has(from) || OWN.has(to)) return OWN.has(from);
  const [own, other] = [folderOf(from), folderOf(to)];
  if (own === other) return true;
  const allowed = ASIDE[own];
  if (allowed) return allowed.includes(other);
  const [rank, otherRank] = [RANKS.get(own), RANKS.get(other)];
  return rank !== undefined && otherRank !== undefined && otherRank < rank;
}

function namesClass(from: string, { path, isType }: SourceFile["imports"][number]): boolean {
  return isType && folderOf(from) === NAMES_CLASSES && path.startsWith("durable-objects/");
}

/** The folder that names the role of a file: the second one, or the first for what stands directly in it. */
function folderOf(path: string): string {
  const [top = "", second = "", ...rest] = path.split("/");
  if (top === "cli") return top;
  return rest.length === 0 ? top : `${top}/${second}`;
}

/** Files that need each other's values to begin, each circle as a line to print. */
export function findCycles(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const problems: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) problems.push(`a circle of values: ${[...way.slice(start), path].join(" -> ")}`);
    if (start >= 0 || done.has(path)) return;
    for (const imported of byPath.get(path)?.imports ?? [])
      if (!imported.isType) visit(imported.path, [...way, path]);
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return problems;
}

export function findLongFiles(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path, lines }) => lines > MOST_LINES && !path.endsWith(GENERATED))
    .map(({ path, lines }) => `${path} has ${lines} lines, at most ${MOST_LINES} are allowed`);
}
