import { describe, expect, test } from "vitest";
import type { SubscriptionClaims } from "../../src/auth/tokens.ts";
import type { Hooks } from "../../src/channels/hooks.ts";
import { subscribe } from "../../src/operations/subscribe.ts";
import { unsubscribe } from "../../src/operations/unsubscribe.ts";
import type { SubscribeCommand } from "../../src/protocol/messages.ts";
import { Allowance } from "../../src/sessions/allowance.ts";
import type { Session } from "../../src/sessions/session.ts";
import { DISCONNECTS, ERRORS } from "../../src/shared/codes.ts";
import { SESSION_LIMITS } from "../../src/shared/limits.ts";
import { closeWith, failWith } from "../../src/shared/refusal.ts";
import { OpeningOverflow } from "../../src/streams/follower.ts";
import {
  AN_HOUR_AGO,
  FakeHub,
  IN_AN_HOUR,
  openingOf,
  outcomeOf,
  sessionOf,
  subscriptionTo,
} from "../support/operations.ts";

function commandFor(channel: string, changes: Partial<SubscribeCommand> = {}): SubscribeCommand {
  return {
    ...{ kind: "subscribe", id: 1, channel, token: "", recover: undefined, positioned: false },
    ...{ recoverable: false, joinLeave: false, data: undefined, type: 0, delta: "", hasTagsFilter: false },
    ...{ flag: 0, ...changes },
  };
}

function run(hub: FakeHub, session: Session, channel: string, changes: Partial<SubscribeCommand> = {}) {
  return outcomeOf(
    (request: Parameters<typeof subscribe>[1]) => subscribe(hub, request),
    session,
    commandFor(channel, changes),
  );
}

const claims: SubscriptionClaims = {
  ...{ user: "ann", client: undefined, channel: "closed:1", info: undefined, expireAt: IN_AN_HOUR },
};

describe("subscribe", () => {
  test.each(["chat:1", "chat:here"])(
    "SESS-38: subscribes to %s, and writes nothing to the session",
    async (channel) => {
      const hub = new FakeHub();
      const { session } = sessionOf(hub);
      const outcome = await run(hub, session, channel);
      expect(outcome).toMatchObject({ kind: "done", result: { kind: "subscribe", recovered: false } });
      expect(session.subscriptions.has(channel)).toBe(true);
      expect(hub.locals.subscriberCount(channel)).toBe(1);
      expect(session.queuedLength).toBe(0);
    },
  );

  test("SESS-38: a channel that is homed here is opened, committed and answered in one step", () => {
    const hub = new FakeHub();
    const { session } = sessionOf(hub);
    const outcomes: string[] = [];
    const running = subscribe(hub, {
      ...{ session, command: commandFor("chat:here") },
      answer: ({ kind }) => void outcomes.push(`${kind}, subscribed: ${session.subscriptions.size}`),
    });
    expect(running).toBeUndefined();
    expect(outcomes).toEqual(["done, subscribed: 1"]);
  });

  test("CHAN-21: what was missed is in the reply, and what came meanwhile is pushed after it", async () => {
    const hub = new FakeHub();
    hub.open = async () =>
      openingOf({ history: { first: 1, publications: ["1", "2"] }, commit: () => ["3"] });
    const outcome = await run(hub, sessionOf(hub).session, "news:1", { recover: { offset: 0, epoch: "e" } });
    expect(outcome).toMatchObject({
      kind: "done",
      result: { recovered: true, wasRecovering: true, publications: ["1", "2"], offset: 0, epoch: "e" },
      pushes: [{ kind: "publication", channel: "news:1", publication: "3" }],
    });
  });

  test("CHAN-22: what cannot be recovered is not", async () => {
    const outcome = await run(...fresh(), "news:here", { recover: { offset: 1, epoch: "other" } });
    expect(outcome).toMatchObject({ kind: "done", result: { recovered: false, wasRecovering: true } });
  });

  test("CHAN-23: unless the client wants an error then", async () => {
    const [hub, session] = fresh();
    const abandoned = abandonedOpening(hub);
    const outcome = await run(hub, session, "news:1", { recover: { offset: 1, epoch: "other" }, flag: 2 });
    expect(outcome).toEqual(failWith(ERRORS.unrecoverablePosition));
    expect(abandoned).toEqual([true]);
    expect(session.subscriptions.size).toBe(0);
  });

  test.each([
    ["", closeWith(DISCONNECTS.badRequest)],
    ["x".repeat(256), failWith(ERRORS.badRequest)],
    ["chat:é", failWith(ERRORS.badRequest)],
    ["nowhere:1", failWith(ERRORS.unknownChannel)],
    ["closed:1", failWith(ERRORS.permissionDenied)],
    ["$chat:1", failWith(ERRORS.permissionDenied)],
  ])("SESS-28: %j is refused", async (channel, refusal) => {
    expect(await run(...fresh(), channel)).toEqual(refusal);
  });

  test("SESS-28: a subscription that is there is refused", async () => {
    const [hub, session] = fresh();
    session.addSubscription(subscriptionTo("chat:1"));
    expect(await run(hub, session, "chat:1")).toEqual(failWith(ERRORS.alreadySubscribed));
  });

  test("SESS-30: one over the limit is refused", async () => {
    const hub = new FakeHub({}, { channelLimit: 1 });
    const { session } = sessionOf(hub);
    const opening = Promise.withResolvers<never>();
    hub.open = () => opening.promise;
    const first = run(hub, session, "chat:1");
    expect(await run(hub, session, "chat:2")).toEqual(failWith(ERRORS.limitExceeded));
    opening.reject(new Error("the home does not answer"));
    await expect(first).rejects.toThrow("the home does not answer");
    hub.open = async () => openingOf();
    expect(await run(hub, session, "chat:2")).toMatchObject({ kind: "done" });
  });

  test("SESS-63: nothing is opened for a session that is not taking what it has", async () => {
    const [hub, session] = fresh();
    session.pushShared("x".repeat(SESSION_LIMITS.outputLength + 1));
    hub.open = () => Promise.reject(new Error("it was opened"));
    expect(await run(hub, session, "chat:1")).toEqual(failWith(ERRORS.tooManyRequests));
  });

  test("ABUSE-16: nothing is opened for a session that has overdrawn its allowance", async () => {
    const [hub, session] = fresh();
    session.allowance = new Allowance(hub.config.connection, Date.now());
    session.charge(1e9);
    expect(await run(hub, session, "chat:here")).toEqual(failWith(ERRORS.tooManyRequests));
  });

  test("ABUSE-30: a session may not make up homes without end", async () => {
    const hub = new FakeHub({}, { channelLimit: 10_000 });
    const { session } = sessionOf(hub);
    session.newHomes = { take: () => false } as never;
    expect(await run(hub, session, "chat:1")).toEqual(failWith(ERRORS.tooManyRequests));
    expect(await run(hub, session, "chat:here")).toMatchObject({ kind: "done" });
  });

  test.each([true, false])("SESS-61: a hub without memory refuses, before it opens: %s", async (isBefore) => {
    const [hub, session] = fresh();
    const abandoned = abandonedOpening(hub);
    hub.memory.takesSubscriptions = !isBefore;
    const running = run(hub, session, "chat:1");
    hub.memory.takesSubscriptions = false;
    expect(await running).toEqual(failWith(ERRORS.tooManyRequests));
    expect(abandoned).toEqual(isBefore ? [] : [true]);
  });

  test("SESS-38: too much was published while the channel was opened", async () => {
    const [hub, session] = fresh();
    hub.open = async () =>
      openingOf({
        commit: () => {
          throw new OpeningOverflow();
        },
      });
    expect(await run(hub, session, "chat:1")).toEqual(failWith(ERRORS.internal));
    expect(session.subscriptions.size).toBe(0);
  });

  test("for a session that has gone meanwhile, the opening is abandoned", async () => {
    const [hub, session] = fresh();
    const abandoned = abandonedOpening(hub);
    const running = run(hub, session, "chat:1");
    session.end();
    expect(await running).toBeUndefined();
    expect(abandoned).toEqual([true]);
    expect(hub.locals.has("chat:1")).toBe(false);
  });
});

describe("subscription tokens", () => {
  const valid = { kind: "valid", claims } as const;

  test("SESS-32: a token opens a channel until it expires", async () => {
    const [hub, session] = fresh();
    hub.subscriptionToken = valid;
    const outcome = await run(hub, session, "closed:1", { token: "t" });
    expect(outcome).toMatchObject({ kind: "done", result: { expires: true } });
    expect(session.subscriptions.get("closed:1")).toMatchObject({ hasToken: true, expireAt: IN_AN_HOUR });
    expect(hub.woken).toEqual([session]);
  });

  test.each([
    ["expired", { kind: "expired" }, failWith(ERRORS.tokenExpired)],
    [
      "a grant that has expired",
      { ...valid, claims: { ...claims, expireAt: AN_HOUR_AGO } },
      failWith(ERRORS.tokenExpired),
    ],
    ["invalid", { kind: "invalid", why: "" }, failWith(ERRORS.permissionDenied)],
    ["unavailable", { kind: "unavailable", why: "" }, failWith(ERRORS.internal)],
    ["another's", { ...valid, claims: { ...claims, user: "bob" } }, closeWith(DISCONNECTS.invalidToken)],
    [
      "another channel's",
      { ...valid, claims: { ...claims, channel: "closed:2" } },
      closeWith(DISCONNECTS.invalidToken),
    ],
  ] as const)("SESS-33: a token that is refused: %s", async (_what, token, refusal) => {
    const [hub, session] = fresh();
    hub.subscriptionToken = token;
    expect(await run(hub, session, "closed:1", { token: "t" })).toEqual(refusal);
  });

  test("SESS-58: a subscribe that would have to wait is refused where too many wait", async () => {
    const [hub, session] = fresh();
    session.pendingCommands = SESSION_LIMITS.pendingCommands;
    expect(await run(hub, session, "closed:1", { token: "t" })).toEqual(failWith(ERRORS.tooManyRequests));
  });
});

describe("the subscribe hook", () => {
  test.each<[string, Hooks["subscribe"], object]>([
    ["allows", () => ({ data: { a: 1 } }), { kind: "done", result: { data: '{"a":1}' } }],
    ["has no opinion", () => undefined, failWith(ERRORS.permissionDenied)],
    ["allows what is over", () => ({ expireAt: AN_HOUR_AGO }), failWith(ERRORS.expired)],
    ["refuses", () => ({ error: { code: 403, message: "no" } }), failWith({ code: 403, message: "no" })],
    [
      "ends the connection",
      () => ({ disconnect: { code: 4500, reason: "no" } }),
      closeWith({ code: 4500, reason: "no", reconnect: false }),
    ],
    [
      "fails",
      () => {
        throw new Error("broken");
      },
      failWith(ERRORS.internal),
    ],
  ])("SESS-16: it %s", async (_what, hook, outcome) => {
    const hub = new FakeHub(hook ? { subscribe: hook } : {});
    expect(await run(hub, sessionOf(hub).session, "closed:1")).toMatchObject(outcome);
  });
});

test("nothing is opened for a session that has gone while the hook decided", async () => {
  const hub = new FakeHub({ subscribe: () => ({}) });
  const { session } = sessionOf(hub);
  const opened: string[] = [];
  hub.open = async (channel) => {
    opened.push(channel);
    return openingOf();
  };
  const running = run(hub, session, "closed:1");
  session.end();
  expect(await running).toBeUndefined();
  expect(opened).toEqual([]);
});

describe("unsubscribe", () => {
  const end = (hub: FakeHub, session: Session, channel: string) =>
    outcomeOf((request: Parameters<typeof unsubscribe>[1]) => unsubscribe(hub, request), session, {
      ...{ kind: "unsubscribe", id: 2, channel },
    });

  test("SESS-54: it ends the subscription, and may be repeated", async () => {
    const [hub, session] = fresh();
    await run(hub, session, "chat:1");
    for (const _again of [1, 2])
      expect(await end(hub, session, "chat:1")).toMatchObject({ result: { kind: "unsubscribe" } });
    expect(session.subscriptions.size).toBe(0);
    expect(hub.told).toEqual(["joined chat:1", "vacated chat:1", "left chat:1"]);
  });

  test("SESS-28: no channel at all ends the connection", async () => {
    expect(await end(...fresh(), "")).toEqual(closeWith(DISCONNECTS.badRequest));
  });
});

function fresh(): [FakeHub, Session] {
  const hub = new FakeHub();
  return [hub, sessionOf(hub).session];
}

/** Makes the hub open channels in a way that notes when they are abandoned. */
function abandonedOpening(hub: FakeHub): boolean[] {
  const abandoned: boolean[] = [];
  hub.open = async () => openingOf({ abandon: () => void abandoned.push(true) });
  return abandoned;
}
