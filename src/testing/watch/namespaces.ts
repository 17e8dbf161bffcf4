import { env } from "cloudflare:workers";

/** An object that was addressed by its name. */
export interface NamedObject {
  readonly namespace: DurableObjectNamespace;
  readonly name: string;
}

const named = new Map<string, NamedObject>();

/** The objects that were addressed by their names in this isolate. From an id alone an object cannot be told its name. */
export function namedObjects(): readonly NamedObject[] {
  return [...named.values()];
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
    named.set(id.toString(), { namespace, name });
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
