import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, availableParallelism, cpus, platform, totalmem } from "node:os";

const GiB = 1024 ** 3;

/** What the numbers were measured on, and of what, one line each. */
export async function describeMachine(): Promise<string[]> {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  const memory = `${(totalmem() / GiB).toFixed(0)} GiB memory`;
  const [workerd, partyserver, ws] = await Promise.all([
    workerdVersion(),
    version(new URL("../node_modules/partyserver/package.json", import.meta.url)),
    version(new URL("../node_modules/ws/package.json", import.meta.url)),
  ]);
  return [
    `${new Date().toISOString().slice(0, 10)}, ${platform()} ${arch()}, ${availableParallelism()} cores (${model}), ${memory}`,
    `workerd ${workerd}, partyserver ${partyserver}, ws ${ws}, Node ${process.versions.node}`,
  ];
}

function workerdVersion(): Promise<string> {
  const miniflare = createRequire(import.meta.url).resolve("miniflare");
  return version(createRequire(miniflare).resolve("workerd/package.json"));
}

async function version(packageFile: string | URL): Promise<string> {
  return (JSON.parse(await readFile(packageFile, "utf8")) as { version: string }).version;
}
