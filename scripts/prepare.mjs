// Builds the package for whoever installs a git address, or packs it. Plain JavaScript: it may run before the Node of the
// devDependencies is there.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

// `npm ci` is for working on the gateway, which needs no package.
const isWanted = process.env.npm_command !== "ci" && existsSync("node_modules/tsdown");

if (isWanted) {
  const { status } = spawnSync("npm run build:package", { shell: true, stdio: "inherit" });
  process.exitCode = status ?? 1;
}
