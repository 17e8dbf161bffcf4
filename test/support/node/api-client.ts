import { FULL_ACCESS } from "../../../src/api/access.ts";
import { answerResponse } from "../../../src/api/errors.ts";
import { HomeCalls } from "../../../src/api/home-calls.ts";
import { ApiCommands } from "../../../src/api/methods.ts";
import { parseLegacy, parseObject, readLegacy } from "../../../src/api/requests.ts";
import { Peers } from "../../../src/hub-rpc/peers.ts";
import { wireVersions } from "../../../src/hub-rpc/wire-versions.ts";
import { API_LIMITS } from "../../../src/shared/limits.ts";
import { type ApiBody, apiCalls } from "../api-calls.ts";
import { noRooms } from "../no-rooms.ts";
import { stubOf } from "./object.ts";
import { TestHub } from "./test-hub.ts";

export { enableUserCommands } from "../api-calls.ts";

const peers = new Peers({ versions: wireVersions.calls, timeout: API_LIMITS.homeTimeout, stubOf });
const tools = {
  access: FULL_ACCESS,
  hashUser: async (user: string) => `hash of ${user}`,
  rooms: noRooms(),
  directory: undefined,
};

/** Calls methods of the server API as the gateway does, once a request was let in. */
export const { call, ask, batch, codeOf } = apiCalls((method, params = {}) =>
  callText(method, JSON.stringify(params)),
);

/** Calls a method with parameters as they are written. */
export async function callText(method: string, params: string): Promise<ApiBody> {
  const answer = await newCommands().run(method, parseObject(params));
  return (await answerResponse(method, answer, false).json()) as ApiBody;
}

/** Carries out commands in the lines of one text, in order. */
export function callLines(lines: string): Promise<unknown> {
  return newCommands().runInOrder((parseLegacy(lines) ?? []).map(readLegacy));
}

function newCommands(): ApiCommands {
  const homes = new HomeCalls((home, made) => peers.stubOf(home).manage(made));
  return new ApiCommands({ ...tools, homes });
}

/** A channel that no other test uses, and its home. */
export function newChannel(namespace: string): { readonly channel: string; readonly home: TestHub } {
  const channel = `${namespace}:${crypto.randomUUID()}`;
  return { channel, home: new TestHub({ name: `home/${channel}` }) };
}
