import type { Project } from "./read-project.ts";
import type { WorkerSource } from "./worker-source.ts";

/** The value of an option of `createGateway`; undefined where it is not there. */
export function optionOf(worker: WorkerSource | undefined, name: string): unknown {
  const option = worker?.option(name);
  return option !== undefined && "value" in option ? option.value : undefined;
}

/** The name that `bindings` of `createGateway` gives a binding, or its own. */
export function bindingName({ worker }: Pick<Project, "worker">, binding: string): string {
  const renamed = memberOf(optionOf(worker, "bindings"), binding);
  return typeof renamed === "string" ? renamed : binding;
}

export function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
