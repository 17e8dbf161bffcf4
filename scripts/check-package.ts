/**
 * Packs the package and checks what is in it: that it can be published, that every entry resolves with its types, and that
 * nothing is in it but what was built.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesThatDoNotBelong } from "./package/contents.ts";

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

const run = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: "utf8" });
const folder = mkdtempSync(join(tmpdir(), "poorwill-pack-"));
try {
  run("npm", "run", "build:package");
  const [packed] = JSON.parse(
    run("npm", "pack", "--ignore-scripts", "--json", "--pack-destination", folder),
  ) as Packed[];
  if (packed === undefined) throw new Error("npm packed nothing");
  const strangers = filesThatDoNotBelong(packed.files.map(({ path }) => path));
  if (strangers.length > 0) throw new Error(`the package has ${strangers.join(", ")}`);
  const tarball = join(folder, packed.filename);
  run("publint", "run", tarball, "--strict");
  // Node of CommonJS gets the modules by `require`, since Node 20.19.
  run("attw", tarball, "--profile", "esm-only");
  run("npm", "publish", "--dry-run", "--ignore-scripts", tarball);
  console.log(
    `${packed.filename}: ${packed.files.length} files, ${Math.round(packed.size / 1024)} KiB, ready to be published`,
  );
} catch (failure) {
  const { message, stdout = "", stderr = "" } = failure as Error & { stdout?: string; stderr?: string };
  console.error([message, stdout, stderr].filter(Boolean).join("\n"));
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
