import type { ReadFile } from "../project/find-wrangler.ts";
import { addPackage } from "./package-json.ts";
import { type InitRequest, joined, type Plan } from "./plan.ts";
import { addSecrets, created } from "./shared-files.ts";
import { CHAT, page, TSCONFIG, WORKER, wranglerToml } from "./templates.ts";

/** An application of its own, in a folder without a Worker. */
export function planNewProject(read: ReadFile, request: InitRequest): Plan {
  const files = {
    "wrangler.toml": wranglerToml(request.name),
    "worker.ts": WORKER,
    "chat.ts": CHAT,
    "public/index.html": page(request.name),
    "tsconfig.json": TSCONFIG,
  };
  return joined([
    ...Object.entries(files).map(([path, text]) => created(read, path, text)),
    addPackage(read, request, "application"),
    ...addSecrets(read, request),
    { next: ["npm install", "npm run dev"] },
    ...(read("worker.ts") === undefined
      ? []
      : [{ todo: ["worker.ts was there: `npx poorwill doctor` says what it lacks to be a gateway"] }]),
  ]);
}
