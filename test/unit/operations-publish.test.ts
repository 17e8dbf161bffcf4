import { describe, expect, test } from "vitest";
import type { Hooks } from "../../src/channels/hooks.ts";
import { publish } from "../../src/operations/publish.ts";
import type { Session } from "../../src/sessions/session.ts";
import { DISCONNECTS, ERRORS } from "../../src/shared/codes.ts";
import { SESSION_LIMITS } from "../../src/shared/limits.ts";
import { closeWith, failWith } from "../../src/shared/refusal.ts";
import { FakeHub, outcomeOf, sessionOf, subscriptionTo } from "../support/operations.ts";

function run(hub: FakeHub, session: Session, channel: string, data: string | undefined = '{"a":1}') {
  return outcomeOf((request: Parameters<typeof publish>[1]) => publish(hub, request), session, {
    ...{ kind: "publish", id: 1, channel, data },
  });
}

function fresh(hooks: Hooks = {}): [FakeHub, Session] {
  const hub = new FakeHub(hooks);
  return [hub, sessionOf(hub).session];
}

/** A request whose outcome comes later. */
function begin(hub: FakeHub, session: Session, channel: string): unknown[] {
  const outcomes: unknown[] = [];
  const running = publish(hub, {
    session,
    command: { kind: "publish", id: 1, channel, data: "1" },
    answer: (outcome) => void outcomes.push(outcome),
  });
  expect(running).toBeUndefined();
  return outcomes;
}

describe("publish", () => {
  test("SESS-46: it is submitted with its publisher at once, and answered when it is stored", () => {
    const [hub, session] = fresh();
    session.state.info = '{"name":"Ann"}';
    const outcomes = begin(hub, session, "open:1");
    expect(hub.submitted.map(([submission]) => submission)).toEqual([
      {
        ...{ kind: "publication", channel: "open:1", skipHistory: false },
        publication: {
          data: "1",
          info: {
            ...{ user: "ann", client: session.state.client, connInfo: '{"name":"Ann"}' },
            chanInfo: undefined,
          },
          tags: undefined,
        },
      },
    ]);
    expect(outcomes).toEqual([]);
    hub.submitted[0]?.[1]({ offset: 1, epoch: "e" });
    expect(outcomes).toEqual([{ kind: "done", result: { kind: "publish" }, pushes: [] }]);
    expect(session.queuedLength).toBe(0);
  });

  test("SESS-62: what the home refuses is refused", () => {
    const [hub, session] = fresh();
    const outcomes = begin(hub, session, "open:1");
    hub.submitted[0]?.[1]({ errorCode: ERRORS.tooManyRequests.code });
    expect(outcomes).toEqual([failWith(ERRORS.tooManyRequests)]);
  });

  test("SESS-65: it counts as pending on its channel until it is answered", async () => {
    const [hub, session] = fresh();
    begin(hub, session, "open:1");
    const answered = session.publishes?.whenAnswered("open:1");
    expect(answered).toBeDefined();
    hub.submitted[0]?.[1]({ offset: 1, epoch: "e" });
    await answered;
    expect(session.publishes?.whenAnswered("open:1")).toBeUndefined();
  });

  test("ABUSE-38: it is charged for the subscribers here at once, and for those at the home with the answer", () => {
    const [hub, session] = fresh();
    hub.membership.add(sessionOf(hub, "bob").session, subscriptionTo("open:1"));
    const charged: unknown[] = [];
    session.chargeFanOut = (...charge) => void charged.push(charge);
    begin(hub, session, "open:1");
    expect(charged).toEqual([[1, 1]]);
    hub.submitted[0]?.[1]({ offset: 1, epoch: "e", subscribers: 7 });
    expect(charged).toEqual([
      [1, 1],
      [1, 7],
    ]);
  });

  test("CHAN-08: subscribers may publish where the options say so", async () => {
    const [hub, session] = fresh();
    expect(await run(hub, session, "chat:1")).toEqual(failWith(ERRORS.permissionDenied));
    session.addSubscription(subscriptionTo("chat:1"));
    expect(await run(hub, session, "chat:1")).toBeUndefined();
    expect(hub.submitted).toHaveLength(1);
  });

  test.each([
    ["", closeWith(DISCONNECTS.badRequest)],
    ["x".repeat(256), failWith(ERRORS.badRequest)],
    ["nowhere:1", failWith(ERRORS.unknownChannel)],
    ["closed:1", failWith(ERRORS.permissionDenied)],
  ])("SESS-47: %j is refused", async (channel, refusal) => {
    const [hub, session] = fresh();
    expect(await run(hub, session, channel)).toEqual(refusal);
    expect(hub.submitted).toEqual([]);
  });

  test("CHAN-12: a publication without data is refused", async () => {
    const outcomes: unknown[] = [];
    const [hub, session] = fresh();
    await publish(hub, {
      session,
      command: { kind: "publish", id: 1, channel: "open:1", data: undefined },
      answer: (outcome) => void outcomes.push(outcome),
    });
    expect(outcomes).toEqual([failWith(ERRORS.badRequest)]);
  });

  test("ABUSE-30: a session may not make up homes without end", async () => {
    const [hub, session] = fresh();
    session.newHomes = { take: () => false } as never;
    expect(await run(hub, session, "open:1")).toEqual(failWith(ERRORS.tooManyRequests));
  });
});

describe("the publish hook", () => {
  test("SESS-50: it allows, and changes what is published", async () => {
    const grant = { data: { b: 2 }, tags: { t: "1" }, skipHistory: true, idempotencyKey: "k" };
    const [hub, session] = fresh({ publish: () => grant });
    await run(hub, session, "closed:1");
    expect(hub.submitted[0]?.[0]).toMatchObject({
      ...{ channel: "closed:1", skipHistory: true, publication: { data: '{"b":2}', tags: { t: "1" } } },
      conditions: { idempotencyKey: "k", version: 0, versionEpoch: "" },
    });
  });

  test("SESS-50: without an opinion of the hook, the options decide", async () => {
    const [hub, session] = fresh({ publish: () => undefined });
    expect(await run(hub, session, "closed:1")).toEqual(failWith(ERRORS.permissionDenied));
    await run(hub, session, "open:1");
    expect(hub.submitted).toHaveLength(1);
  });

  test.each<[string, Hooks["publish"], object]>([
    ["refuses", () => ({ error: { code: 403, message: "no" } }), failWith({ code: 403, message: "no" })],
    ["gives a version that is none", () => ({ version: -1 }), failWith(ERRORS.internal)],
    ["gives tags that are none", () => ({ tags: { a: 1 as never } }), failWith(ERRORS.internal)],
  ])("SESS-16: the hook %s", async (_what, hook, refusal) => {
    const [hub, session] = fresh(hook ? { publish: hook } : {});
    expect(await run(hub, session, "open:1")).toEqual(refusal);
  });

  test("SESS-58: where too many commands wait, it is not asked", async () => {
    const [hub, session] = fresh({
      publish: () => {
        throw new Error("it was asked");
      },
    });
    session.pendingCommands = SESSION_LIMITS.pendingCommands;
    expect(await run(hub, session, "open:1")).toEqual(failWith(ERRORS.tooManyRequests));
  });

  test("nothing is published for a session that has gone meanwhile", async () => {
    const [hub, session] = fresh({ publish: () => ({}) });
    const running = run(hub, session, "open:1");
    session.end();
    expect(await running).toBeUndefined();
    expect(hub.submitted).toEqual([]);
  });
});
