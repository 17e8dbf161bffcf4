import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { Env } from "../../src/deployment/env.ts";
import { appOf } from "../gateway/classes.ts";
import { type ApiBody, apiCalls } from "../support/api-calls.ts";
import { baseNamespaces } from "../support/hub-config.ts";
import { GATEWAY } from "./client.ts";
import { TestHub } from "./test-hub.ts";

export { enableUserCommands } from "../support/api-calls.ts";

export const KEY = "the key of the test";

const app = appOf({}, baseNamespaces);

/** Sends a request to the server API as it is. */
export async function request(
  path: string,
  init: RequestInit = {},
  bindings: Partial<Env> = { API_KEY: KEY },
  gateway = app,
) {
  return gateway.fetch(new Request(GATEWAY + path, { method: "POST", ...init }), { ...env, ...bindings });
}

/** Calls a method by way of HTTP. Returns the answer as it is written. */
export async function answerTo(method: string, params: unknown, gateway = app): Promise<string> {
  const body = JSON.stringify(params);
  const headers = { "X-API-Key": KEY, "Content-Type": "application/json" };
  const sent = new Request(`${GATEWAY}/api/${method}`, { method: "POST", headers, body });
  const response = await gateway.fetch(sent, { ...env, API_KEY: KEY });
  expect([response.status, response.headers.get("Content-Type")]).toEqual([200, "application/json"]);
  return response.text();
}

export const { call, ask, batch, codeOf } = apiCalls(
  async (method, params = {}) => JSON.parse(await answerTo(method, params)) as ApiBody,
);

/** A channel that no other test uses, and its home. */
export function newChannel(namespace: string): { readonly channel: string; readonly home: TestHub } {
  const channel = `${namespace}:${crypto.randomUUID()}`;
  return { channel, home: new TestHub({ name: `home/${channel}` }) };
}
