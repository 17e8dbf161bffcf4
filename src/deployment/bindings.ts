import type { Env } from "./env.ts";

/** The bindings that may have another name in the Worker than in the gateway. */
export const BINDINGS = [
  "ROOM",
  "HUB",
  "DIRECTORY",
  "ASSETS",
  "CONNECT_RATE",
  "API_RATE",
  "ANALYTICS",
] as const satisfies readonly (keyof Env)[];

/** Names of bindings in the Worker's configuration, where they differ from the gateway's. */
export type BindingNames = Readonly<Partial<Record<(typeof BINDINGS)[number], string>>>;

/** How a gateway reads the environment of its Worker. */
export type ReadEnv = (env: object) => Env;

/** Reads an environment in which bindings have these names. A binding of another name is not taken for a renamed one. */
export function readEnvBy(names: BindingNames): ReadEnv {
  const renamed = BINDINGS.flatMap((binding) => {
    const name = names[binding];
    return name === undefined ? [] : [[binding, name] as const];
  });
  if (renamed.length === 0) return (env) => env as Env;
  const known = new WeakMap<object, Env>();
  return (env) => {
    const before = known.get(env);
    if (before) return before;
    const bindings = env as Readonly<Record<string, unknown>>;
    const own = Object.fromEntries(renamed.map(([binding, name]) => [binding, bindings[name]]));
    const read: Env = { ...(env as Env), ...own };
    known.set(env, read);
    return read;
  };
}
