import { classesAfter } from "../project/migrations.ts";
import { bindingName, memberOf, optionOf } from "../project/options.ts";
import type { Project } from "../project/read-project.ts";
import type { Migration } from "../project/wrangler-config.ts";
import { ENTRYPOINTS, OBJECTS, type ObjectBinding } from "../requirements.ts";
import { advice, type Finding, right, wrong } from "./finding.ts";

const BINDINGS = Object.keys(OBJECTS) as ObjectBinding[];

/** The Worker, its Durable Objects, and the migrations that make their classes. */
export function checkObjects(project: Project): Finding[] {
  return [
    ...checkWorker(project),
    ...BINDINGS.flatMap((binding) => checkBinding(project, binding)),
    ...checkTags(project.config.migrations ?? []),
  ];
}

function checkWorker({ config: { main }, worker, wranglerFile }: Project): Finding[] {
  if (main === undefined) {
    return [wrong("main", `${wranglerFile} names no Worker`, 'main = "worker.ts"')];
  }
  if (worker === undefined) {
    return [
      wrong("main", `there is no ${main}`, `write it, or name the file that there is: ${wranglerFile}, main`),
    ];
  }
  return [right("main", main), ...checkEntrypoints(worker.exported)];
}

function checkEntrypoints(exported: ReadonlySet<string> | undefined): Finding[] {
  return Object.entries(ENTRYPOINTS)
    .filter(([name]) => exported?.has(name) === false)
    .map(([name, why]) =>
      advice(`entrypoint ${name}`, `is not exported: ${why}`, `export const { ${name} } = gateway`),
    );
}

function checkBinding(project: Project, binding: ObjectBinding): Finding[] {
  const { config, wranglerFile } = project;
  const name = bindingName(project, binding);
  const about = `binding ${name}`;
  const found = config.durable_objects?.bindings?.find((candidate) => candidate.name === name);
  const className = OBJECTS[binding];
  if (found === undefined) {
    const mend = `add to durable_objects.bindings of ${wranglerFile}: name "${name}", class_name "${className}"`;
    return [
      isNeeded(project, binding)
        ? wrong(about, "is not there; environments do not inherit bindings", mend)
        : advice(about, "is not there: nothing sums up what all hubs report", mend),
    ];
  }
  if (found.script_name !== undefined) {
    return [
      advice(
        about,
        `is the class ${found.class_name} of the Worker ${found.script_name}, which is not checked`,
      ),
    ];
  }
  return [
    right(about, `the class ${found.class_name}`),
    ...checkExport(project, className, found.class_name),
    checkMigrations(config.migrations ?? [], found.class_name),
  ];
}

/** Hubs report to the directory only where the configuration says so. */
function isNeeded({ worker }: Project, binding: ObjectBinding): boolean {
  if (binding !== "DIRECTORY") return true;
  const operations = memberOf(optionOf(worker, "channels"), "operations");
  return memberOf(operations, "directory") === true;
}

function checkExport({ worker, config }: Project, member: string, className: string): Finding[] {
  if (worker === undefined) return [];
  const about = `class ${className}`;
  if (worker.exported === undefined)
    return [advice(about, `cannot be seen in ${config.main}, which passes on another module`)];
  if (worker.exported.has(className)) return [right(about, `exported by ${config.main}`)];
  const renamed = member === className ? member : `${member}: ${className}`;
  return [wrong(about, `${config.main} does not export it`, `export const { ${renamed} } = gateway`)];
}

function checkMigrations(migrations: readonly Migration[], className: string): Finding {
  const about = `migration of ${className}`;
  const storage = classesAfter(migrations).get(className);
  if (storage === "sqlite") return right(about, "its objects have SQL storage");
  if (storage === undefined) {
    const mend = `add a migration with a new tag and new_sqlite_classes = ["${className}"]`;
    return wrong(about, "no migration makes the class", mend);
  }
  const mend =
    "before the first deploy, write new_sqlite_classes instead; after it, delete the class by a migration and make it anew";
  return wrong(about, "new_classes makes objects without SQL storage, which the gateway needs", mend);
}

function checkTags(migrations: readonly Migration[]): Finding[] {
  const tags = migrations.map(({ tag }) => tag);
  const repeated = [...new Set(tags.filter((tag, index) => tags.indexOf(tag) !== index))];
  return repeated.map((tag) =>
    wrong("migrations", `the tag "${tag}" is there twice`, "give each migration a tag of its own"),
  );
}
