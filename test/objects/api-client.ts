import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { createApp } from "../../src/app.ts";
import type { Env } from "../../src/deployment/env.ts";
import { API_LIMITS } from "../../src/shared/limits.ts";
import { baseNamespaces, configureHub } from "../support/hub-config.ts";
import { GATEWAY } from "./client.ts";
import { TestHub } from "./test-hub.ts";

export const KEY = "the key of the test";

const app = createApp({}, baseNamespaces);

export interface ApiBody {
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
  /** Of a batch. */
  readonly replies?: readonly unknown[];
}

/** Sends a request to the server API as it is. */
export async function request(
  path: string,
  init: RequestInit = {},
  bindings: Partial<Env> = { API_KEY: KEY },
) {
  return app.fetch(new Request(GATEWAY + path, { method: "POST", ...init }), { ...env, ...bindings });
}

/** Calls a method. Returns the body of the answer. */
export async function call(method: string, params: unknown = {}): Promise<ApiBody> {
  const response = await request(`/api/${method}`, {
    headers: { "X-API-Key": KEY, "Content-Type": "application/json" },
    body: JSON.stringify(params),
  });
  expect([response.status, response.headers.get("Content-Type")]).toEqual([200, "application/json"]);
  return response.json<ApiBody>();
}

/** The result of a method. Throws when it is an error. */
export async function ask(method: string, params: unknown = {}): Promise<Readonly<Record<string, unknown>>> {
  const { result, error } = await call(method, params);
  if (result === undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
  return result;
}

/** The replies to the commands of a batch. Throws when it is an error. */
export async function batch(commands: readonly unknown[]): Promise<readonly unknown[]> {
  const body = await call("batch", { commands });
  if (body.replies === undefined) throw new Error(`batch: ${JSON.stringify(body)}`);
  return body.replies;
}

/** The code of the error that a method answers with. */
export async function codeOf(method: string, params: unknown = {}): Promise<number | undefined> {
  return (await call(method, params)).error?.code;
}

/** A channel that no other test uses, and its home. */
export function newChannel(namespace: string): { readonly channel: string; readonly home: TestHub } {
  const channel = `${namespace}:${crypto.randomUUID()}`;
  return { channel, home: new TestHub({ name: `home/${channel}` }) };
}

/** Turns commands on users on at their homes. */
export function enableUserCommands(): void {
  for (let shard = 0; shard < API_LIMITS.userShards; shard += 1) {
    configureHub(`users/${shard}`, { connection: { userCommands: true } });
  }
}
