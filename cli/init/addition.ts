import { posix } from "node:path";
import { checkPlatform } from "../doctor/platform.ts";
import type { ReadFile, WranglerFile } from "../project/find-wrangler.ts";
import { readProject } from "../project/read-project.ts";
import { makesGateway } from "../project/worker-source.ts";
import { formatOf } from "../project/wrangler-config.ts";
import { ENTRYPOINTS, OBJECTS } from "../requirements.ts";
import { addPackage } from "./package-json.ts";
import { type InitRequest, joined, type Plan } from "./plan.ts";
import { addSecrets, created } from "./shared-files.ts";
import { CHAT, gatewayModule } from "./templates.ts";
import { addToWrangler } from "./wrangler-additions.ts";

/** Everything of the gateway is under this path, where it shares its host with another application. */
const PATH = "/realtime";

/** A gateway beside the Worker that is there. What changes how that Worker runs is named, and left to the person. */
export function planAddition(read: ReadFile, request: InitRequest, wrangler: WranglerFile): Plan {
  return joined([
    addToWrangler(wrangler),
    addGateway(read, wrangler),
    addPackage(read, request, "worker"),
    ...addSecrets(read, request),
    { todo: platformTodo(read), next: ["npm install", "npx poorwill doctor"] },
  ]);
}

function addGateway(read: ReadFile, { config: { main } }: WranglerFile): Partial<Plan> {
  const source = main === undefined ? undefined : read(main);
  if (source !== undefined && makesGateway(source)) return { kept: [main ?? ""] };
  const folder = posix.join(posix.dirname(main ?? "worker.ts"), PATH.slice(1));
  return joined([
    created(read, posix.join(folder, "gateway.ts"), gatewayModule(PATH)),
    created(read, posix.join(folder, "chat.ts"), CHAT),
    { todo: workerTodo(main, source, `./${PATH.slice(1)}/gateway`) },
  ]);
}

/** The lines that a Worker needs so that the gateway is reached and its classes are found. */
function workerTodo(main: string | undefined, source: string | undefined, module: string): string[] {
  const names = [...Object.values(OBJECTS), ...Object.keys(ENTRYPOINTS)];
  const file = main ?? "a Worker that you name as main";
  return [
    ...(source !== undefined &&
    names.every((name) => new RegExp(`\\bexport\\b[^;]*\\b${name}\\b`).test(source))
      ? []
      : [`${file}: export { ${names.join(", ")} } from "${module}";`]),
    ...(source?.includes("gateway.fetch(")
      ? []
      : [
          `${file}: import { gateway } from "${module}";`,
          `${file}, first in fetch: if (new URL(request.url).pathname.startsWith("${PATH}/")) return gateway.fetch(request, env, ctx);`,
        ]),
  ];
}

/** Flags and the like hold for the whole Worker, so they are the person's own to change. */
function platformTodo(read: ReadFile): string[] {
  const project = readProject(read, undefined);
  // A key at the end of a TOML file belongs to its last table.
  const place = formatOf(project.wranglerFile) === "toml" ? ", at its top" : "";
  return checkPlatform(project)
    .filter(({ status, about }) => status !== "right" && !about.startsWith("rate limit"))
    .map(({ about, says, mend }) => `${project.wranglerFile}${place}: ${mend ?? about} (${about}: ${says})`);
}
