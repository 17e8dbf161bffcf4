import { describe, expect, test } from "vitest";
import type { Hooks } from "../../src/channels/hooks.ts";
import { call, message } from "../../src/operations/rpc.ts";
import { DISCONNECTS, ERRORS } from "../../src/shared/codes.ts";
import { SESSION_LIMITS } from "../../src/shared/limits.ts";
import { closeWith, failWith } from "../../src/shared/refusal.ts";
import { FakeHub, outcomeOf, sessionOf } from "../support/operations.ts";

describe("rpc", () => {
  const run = (hooks: Hooks, pending = 0) => {
    const hub = new FakeHub(hooks);
    const { session } = sessionOf(hub);
    session.pendingCommands = pending;
    return outcomeOf((request: Parameters<typeof call>[1]) => call(hub, request), session, {
      ...{ kind: "rpc", id: 1, method: "sum", data: "[1,2]" },
    });
  };

  test("SESS-55: it is answered with what the hook returns", async () => {
    const rpc: Hooks["rpc"] = ({ method, data, user }) => ({ data: { method, data, user } });
    expect(await run({ rpc })).toEqual({
      ...{ kind: "done", pushes: [] },
      result: { kind: "rpc", data: '{"method":"sum","data":[1,2],"user":"ann"}' },
    });
  });

  test("SESS-55: without a hook, without an answer, and where the hook refuses", async () => {
    expect(await run({})).toEqual(failWith(ERRORS.notAvailable));
    expect(await run({ rpc: () => undefined })).toEqual(failWith(ERRORS.methodNotFound));
    const error = { code: 403, message: "no" };
    expect(await run({ rpc: () => ({ error }) })).toEqual(failWith(error));
  });

  test("SESS-58: the hook is not asked where too many commands wait", async () => {
    const refusal = failWith(ERRORS.tooManyRequests);
    expect(await run({ rpc: () => ({}) }, SESSION_LIMITS.pendingCommands)).toEqual(refusal);
  });
});

describe("send", () => {
  const run = (hooks: Hooks, pending = 0) => {
    const hub = new FakeHub(hooks);
    const { session } = sessionOf(hub);
    session.pendingCommands = pending;
    return outcomeOf((request: Parameters<typeof message>[1]) => message(hub, request), session, {
      ...{ kind: "send", data: "1" },
    });
  };

  test("SESS-56: it goes to its hook, which may end the connection", async () => {
    const heard: unknown[] = [];
    expect(await run({ message: ({ data }) => void heard.push(data) as undefined })).toEqual({
      ...{ kind: "done", result: undefined, pushes: [] },
    });
    expect(heard).toEqual([1]);
    const disconnect = { code: 4500, reason: "no" };
    expect(await run({ message: () => ({ disconnect }) })).toEqual(
      closeWith({ ...disconnect, reconnect: false }),
    );
  });

  test("SESS-56: without a hook the connection ends", async () => {
    expect(await run({})).toEqual(closeWith(DISCONNECTS.notAvailable));
  });

  test("SESS-58: one that would have to wait where too many do ends the connection: it has no reply", async () => {
    const refusal = closeWith(DISCONNECTS.tooManyRequests);
    expect(await run({ message: () => undefined }, SESSION_LIMITS.pendingCommands)).toEqual(refusal);
  });
});
