import type { Project } from "../project/read-project.ts";
import type { Finding } from "./finding.ts";
import { checkObjects } from "./objects.ts";
import { checkPlatform } from "./platform.ts";
import { checkSettings } from "./settings.ts";
import { checkVariables } from "./variables.ts";

/** All that is right and wrong in the files of a gateway. */
export function diagnose(project: Project): Finding[] {
  return [
    ...checkObjects(project),
    ...checkPlatform(project),
    ...checkVariables(project),
    ...checkSettings(project),
  ];
}
