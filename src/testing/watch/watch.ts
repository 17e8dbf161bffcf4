import { runInDurableObject } from "cloudflare:test";
import { watchGlobals } from "./globals.ts";
import { anyNamespace, watchNamespaces } from "./namespaces.ts";
import { watchWaitUntil } from "./wait-until.ts";

/** An object that holds nothing: it sleeps whenever the runtime gets to it. */
const QUIET = "poorwill-testing";

watchGlobals();
watchNamespaces();
let ready: Promise<void> | undefined;

/** Watches `waitUntil` too: for that it needs an object. */
export function watchObjects(): Promise<void> {
  ready ??= inQuietObject((_, state) => watchWaitUntil(state));
  return ready;
}

/** An object of this Worker that holds nothing. */
export function quietObject(): DurableObjectStub {
  const namespace = anyNamespace();
  if (namespace === undefined) throw new Error("the Worker under test has no Durable Objects");
  return namespace.getByName(QUIET);
}

function inQuietObject(work: (object: DurableObject, state: DurableObjectState) => void): Promise<void> {
  return runInDurableObject(quietObject(), work);
}
