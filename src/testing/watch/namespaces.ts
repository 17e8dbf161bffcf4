import { env } from "cloudflare:workers";
import { TestRunner } from "vitest";

/** An object that was addressed by its name. */
export interface NamedObject {
  readonly namespace: DurableObjectNamespace;
  readonly name: string;
}

interface Addressed extends NamedObject {
  /** The running test; undefined outside tests. */
  readonly test: unknown;
}

const addressed = new Map<string, Addressed>();

/**
 * The objects that were addressed by their names in the running test, or before any test. From an id alone an object cannot
 * be told its name.
 */
export function namedObjects(): readonly NamedObject[] {
  const running = TestRunner.getCurrentTest();
  return [...addressed.values()].filter(({ test }) => test === undefined || test === running);
}

/** The namespace of rooms, or else any that the Worker has. */
export function anyNamespace(): DurableObjectNamespace | undefined {
  const { ROOM, ...others } = env as unknown as Record<string, unknown>;
  return [ROOM, ...Object.values(others)].find(isNamespace);
}

/** Notes the names of objects from now on. */
export function watchNamespaces(): void {
  const namespace = anyNamespace();
  if (namespace === undefined) return;
  const prototype = Object.getPrototypeOf(namespace) as DurableObjectNamespace;
  const { idFromName, getByName } = prototype;
  const note = (namespace: DurableObjectNamespace, name: string) => {
    const id = idFromName.call(namespace, name);
    addressed.set(id.toString(), { namespace, name, test: TestRunner.getCurrentTest() });
    return id;
  };
  prototype.idFromName = function (this: DurableObjectNamespace, name) {
    return note(this, name);
  };
  prototype.getByName = function (this: DurableObjectNamespace, name, options) {
    note(this, name);
    return getByName.call(this, name, options);
  };
}

function isNamespace(binding: unknown): binding is DurableObjectNamespace {
  return typeof (binding as Partial<DurableObjectNamespace> | undefined)?.getByName === "function";
}
