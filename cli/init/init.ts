import { findWrangler, type ReadFile } from "../project/find-wrangler.ts";
import { planAddition } from "./addition.ts";
import { planNewProject } from "./new-project.ts";
import type { InitRequest, Plan } from "./plan.ts";

/** What to write into a folder so that it has a gateway: a new application, or a gateway beside the Worker that is there. */
export function planInit(read: ReadFile, request: InitRequest): Plan {
  const wrangler = findWrangler(read);
  return wrangler === undefined ? planNewProject(read, request) : planAddition(read, request, wrangler);
}
