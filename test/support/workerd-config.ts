import { dirname, resolve } from "node:path";
import type { Config, Worker, Worker_Binding } from "miniflare";
import type { Unstable_Config as WranglerConfig } from "wrangler";

/** What wrangler.toml does not say: the built code, the variables of this run, where the storage is. */
export interface Deployment {
  script: string;
  vars: Readonly<Record<string, string>>;
  storage: string;
  port: number;
  v8Flags: readonly string[];
}

const WORKER = "worker";
const ASSETS = "assets";
const STORAGE = "storage";

/** The name under which workerd reports the port that it listens on. */
export const SOCKET_NAME = "http";

/** The configuration of a bare workerd with the worker of a wrangler.toml behind its only socket. */
export function workerdConfig(wrangler: WranglerConfig, deployment: Deployment): Config {
  const { configPath = ".", assets } = wrangler;
  const services: Config["services"] = [
    { name: WORKER, worker: workerOf(wrangler, deployment) },
    { name: STORAGE, disk: { path: deployment.storage, writable: true } },
    // Backends of tests stand at 127.0.0.1, which the runtime's own network does not reach.
    { name: "internet", network: { allow: ["public", "private"], tlsOptions: { trustBrowserCas: true } } },
  ];
  const assetsDirectory = assets?.directory;
  if (assetsDirectory) {
    services.push({ name: ASSETS, disk: { path: resolve(dirname(configPath), assetsDirectory) } });
  }
  const address = `127.0.0.1:${deployment.port}`;
  const sockets = [{ name: SOCKET_NAME, address, http: {}, service: { name: WORKER } }];
  return { services, sockets, v8Flags: [...deployment.v8Flags] };
}

function workerOf(wrangler: WranglerConfig, { script, vars }: Deployment): Worker {
  const { name, compatibility_date, compatibility_flags, durable_objects } = wrangler;
  return {
    modules: [{ name: "worker.js", esModule: script }],
    ...(compatibility_date ? { compatibilityDate: compatibility_date } : {}),
    compatibilityFlags: compatibility_flags,
    bindings: bindingsOf(wrangler, vars),
    durableObjectNamespaces: durable_objects.bindings.map(({ class_name: className }) => ({
      className,
      uniqueKey: `${name}-${className}`,
      enableSql: true,
    })),
    durableObjectStorage: { localDisk: STORAGE },
  };
}

function bindingsOf({ assets, durable_objects, vars: configured }: WranglerConfig, vars: Deployment["vars"]) {
  const bindings: Worker_Binding[] = durable_objects.bindings.map(({ name, class_name: className }) => ({
    name,
    durableObjectNamespace: { className },
  }));
  if (assets?.binding) bindings.push({ name: assets.binding, service: { name: ASSETS } });
  for (const [name, value] of Object.entries({ ...configured, ...vars })) {
    bindings.push(typeof value === "string" ? { name, text: value } : { name, json: JSON.stringify(value) });
  }
  return bindings;
}
