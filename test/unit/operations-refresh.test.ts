import { describe, expect, test } from "vitest";
import type { ConnectionClaims, SubscriptionClaims } from "../../src/auth/tokens.ts";
import { refresh, refreshSubscription } from "../../src/operations/refresh.ts";
import type { Session } from "../../src/sessions/session.ts";
import { DISCONNECTS, ERRORS } from "../../src/shared/codes.ts";
import { SESSION_LIMITS } from "../../src/shared/limits.ts";
import { closeWith, failWith } from "../../src/shared/refusal.ts";
import {
  AN_HOUR_AGO,
  FakeHub,
  IN_AN_HOUR,
  outcomeOf,
  sessionOf,
  subscriptionTo,
} from "../support/operations.ts";

function fresh(): [FakeHub, Session] {
  const hub = new FakeHub();
  const { session } = sessionOf(hub);
  session.state.hasToken = true;
  return [hub, session];
}

describe("refresh", () => {
  const claims: ConnectionClaims = {
    ...{ user: "ann", info: { a: 1 }, meta: undefined, expireAt: IN_AN_HOUR, channels: {} },
  };
  const run = (hub: FakeHub, session: Session, token = "t") =>
    outcomeOf((request: Parameters<typeof refresh>[1]) => refresh(hub, request), session, {
      ...{ kind: "refresh", id: 1, token },
    });

  test("SESS-22: the connection lasts longer, and its info is new", async () => {
    const [hub, session] = fresh();
    session.state.meta = "7";
    hub.connectionToken = { kind: "valid", claims };
    expect(await run(hub, session)).toMatchObject({
      ...{ kind: "done", result: { kind: "refresh", client: session.state.client, expires: true } },
    });
    expect(session.state).toMatchObject({ expireAt: IN_AN_HOUR, info: '{"a":1}', meta: "7" });
    expect(session.isChanged).toBe(true);
    expect(hub.woken).toEqual([session]);
    expect(session.queuedLength).toBe(0);
  });

  test.each([
    ["unavailable", { kind: "unavailable", why: "" }, failWith(ERRORS.internal)],
    ["expired", { kind: "expired" }, closeWith(DISCONNECTS.expired)],
    ["invalid", { kind: "invalid", why: "" }, closeWith(DISCONNECTS.invalidToken)],
    [
      "another user's",
      { kind: "valid", claims: { ...claims, user: "bob" } },
      closeWith(DISCONNECTS.invalidToken),
    ],
    [
      "for other channels",
      { kind: "valid", claims: { ...claims, channels: { "chat:1": {} } } },
      closeWith(DISCONNECTS.insufficientState),
    ],
    [
      "for a time that is over",
      { kind: "valid", claims: { ...claims, expireAt: AN_HOUR_AGO } },
      closeWith(DISCONNECTS.expired),
    ],
  ] as const)("SESS-23: a token that is %s", async (_what, token, refusal) => {
    const [hub, session] = fresh();
    hub.connectionToken = token;
    expect(await run(hub, session)).toEqual(refusal);
  });

  test("SESS-23: no token, or a connection that came without one", async () => {
    const [hub, session] = fresh();
    expect(await run(hub, session, "")).toEqual(closeWith(DISCONNECTS.badRequest));
    session.state.hasToken = false;
    expect(await run(hub, session)).toEqual(closeWith(DISCONNECTS.badRequest));
  });

  test("SESS-58: where too many commands wait, the token is not read", async () => {
    const [hub, session] = fresh();
    session.pendingCommands = SESSION_LIMITS.pendingCommands;
    expect(await run(hub, session)).toEqual(failWith(ERRORS.tooManyRequests));
  });

  test("a session that has gone meanwhile stays as it was", async () => {
    const [hub, session] = fresh();
    hub.connectionToken = { kind: "valid", claims };
    const running = run(hub, session);
    session.end();
    expect(await running).toBeUndefined();
    expect(session.state.expireAt).toBeUndefined();
  });
});

describe("sub_refresh", () => {
  const claims: SubscriptionClaims = {
    ...{ user: "ann", client: undefined, channel: "chat:1", info: { b: 2 }, expireAt: IN_AN_HOUR },
  };
  const run = (hub: FakeHub, session: Session, channel = "chat:1", token = "t") =>
    outcomeOf(
      (request: Parameters<typeof refreshSubscription>[1]) => refreshSubscription(hub, request),
      session,
      {
        ...{ kind: "sub_refresh", id: 1, channel, token },
      },
    );
  const subscribed = (): [FakeHub, Session] => {
    const [hub, session] = fresh();
    hub.membership.add(session, subscriptionTo("chat:1", { info: "1" }));
    return [hub, session];
  };

  test("SESS-26: the subscription lasts longer, and its info is new", async () => {
    const [hub, session] = subscribed();
    hub.subscriptionToken = { kind: "valid", claims };
    expect(await run(hub, session)).toMatchObject({
      kind: "done",
      result: { kind: "sub_refresh", expires: true },
    });
    expect(session.subscriptions.get("chat:1")).toMatchObject({ expireAt: IN_AN_HOUR, info: '{"b":2}' });
    expect(hub.woken).toEqual([session]);
  });

  test.each([
    ["", "t", closeWith(DISCONNECTS.badRequest)],
    ["chat:2", "t", failWith(ERRORS.permissionDenied)],
    ["chat:1", "", failWith(ERRORS.badRequest)],
    ["chat:1", "t", closeWith(DISCONNECTS.subscriptionExpired)],
  ])("SESS-27: of channel %j, with token %j", async (channel, token, refusal) => {
    expect(await run(...subscribed(), channel, token)).toEqual(refusal);
  });

  test("SESS-27: where a hook renews subscriptions, clients do not", async () => {
    const hub = new FakeHub({ refreshSubscription: () => undefined });
    expect(await run(hub, sessionOf(hub).session)).toEqual(closeWith(DISCONNECTS.badRequest));
  });

  test("SESS-27: it never revives a subscription that has ended", async () => {
    const [hub, session] = subscribed();
    hub.subscriptionToken = { kind: "valid", claims };
    const running = run(hub, session);
    hub.membership.remove(session, "chat:1");
    expect(await running).toEqual(failWith(ERRORS.permissionDenied));
    expect(session.subscriptions.size).toBe(0);
  });
});
