import { UsageError } from "../usage-error.ts";
import { type DevVars, readDevVars } from "./dev-vars.ts";
import { findWrangler, type ReadFile } from "./find-wrangler.ts";
import { readWorkerSource, type WorkerSource } from "./worker-source.ts";
import { type Environment, environmentOf, WRANGLER_FILES } from "./wrangler-config.ts";

/** The files of an application with a gateway, as far as they can be read. */
export interface Project {
  /** The name of wrangler's file. */
  readonly wranglerFile: string;
  /** What holds in the environment that was asked for. */
  readonly config: Environment;
  /** The Worker that `main` names; undefined where there is no such file. */
  readonly worker: WorkerSource | undefined;
  readonly devVars: DevVars | undefined;
  readonly gitignore: string | undefined;
}

/** @throws UsageError where there is no wrangler file, or one that cannot be read. */
export function readProject(read: ReadFile, environment: string | undefined): Project {
  const wrangler = findWrangler(read);
  if (wrangler === undefined) {
    throw new UsageError(`there is no ${WRANGLER_FILES.join(", ")} here: \`poorwill init\` writes one`);
  }
  const config = environmentOf(wrangler.config, environment);
  return {
    wranglerFile: wrangler.file,
    config,
    worker: config.main === undefined ? undefined : readWorkerSource(read, config.main),
    devVars: readDevVars(read, environment),
    gitignore: read(".gitignore"),
  };
}
