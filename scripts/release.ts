/**
 * Publishes `poorwill` and `create-poorwill` to npm, of one version: `npm run release`. Everything is built and checked
 * before. `npm run release -- --dry-run` does all but publish, and needs no account.
 */
import { execFileSync } from "node:child_process";

const args = process.argv.slice(2);
const run = (command: string, ...rest: string[]) => {
  execFileSync(command, rest, { stdio: "inherit" });
};

run("npm", "run", "check:package");
for (const folder of [".", "./create-poorwill"])
  run("npm", "publish", folder, "--ignore-scripts", "--access", "public", ...args);
