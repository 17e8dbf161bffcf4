/**
 * What is an operator's own, `src/config.ts` and `src/rooms/index.ts`, as the tests know it: as it ships, whatever stands
 * there. Workers of tests import this before anything of the gateway, and no other file of the tests imports those two.
 */
import type { Config } from "../../src/config/config.ts";
import { development } from "../../src/config/development.ts";
import { config as ownConfig } from "../../src/config.ts";
import { roomKinds } from "../../src/rooms/index.ts";

/** The configuration that the gateway reads. */
export const config: Config = ownConfig;

replaceEntries(config, { namespaces: [], development });
replaceEntries(roomKinds, {});

function replaceEntries(target: object, content: object): void {
  // They may be one object: a configuration may hand on what it imports.
  const copy = { ...content };
  for (const key of Object.keys(target)) Reflect.deleteProperty(target, key);
  Object.assign(target, copy);
}
