import { describe, expect, test } from "vitest";
import type { ConnectionClaims } from "../../src/auth/tokens.ts";
import type { Hooks } from "../../src/channels/hooks.ts";
import { connect } from "../../src/operations/connect.ts";
import type { ConnectCommand } from "../../src/protocol/messages.ts";
import type { Session } from "../../src/sessions/session.ts";
import { DISCONNECTS, ERRORS } from "../../src/shared/codes.ts";
import { closeWith, failWith } from "../../src/shared/refusal.ts";
import { AN_HOUR_AGO, FakeHub, IN_AN_HOUR, openingOf, outcomeOf, sessionOf } from "../support/operations.ts";

const claims: ConnectionClaims = {
  ...{ user: "ann", info: { a: 1 }, meta: undefined, expireAt: IN_AN_HOUR },
  channels: { "news:1": {}, "chat:here": {} },
};

function run(hub: FakeHub, session: Session, changes: Partial<ConnectCommand> = {}) {
  return outcomeOf((request: Parameters<typeof connect>[1]) => connect(hub, request), session, {
    ...{ kind: "connect", id: 1, token: "t", data: undefined, subs: new Map() },
    ...{ name: "js", version: "", headers: undefined, ...changes },
  });
}

/** A hub with a valid token, and a session that has not connected. */
function fresh(changes: Partial<ConnectionClaims> = {}): [FakeHub, Session] {
  const hub = new FakeHub();
  hub.connectionToken = { kind: "valid", claims: { ...claims, ...changes } };
  return [hub, newSession(hub)];
}

function newSession(hub: FakeHub): Session {
  const { session } = sessionOf(hub, "");
  session.phase = "connecting";
  return session;
}

describe("connect", () => {
  test("SESS-20: the reply has the subscriptions of the token, wherever their channels are homed", async () => {
    const [hub, session] = fresh();
    const outcome = await run(hub, session);
    expect(outcome).toMatchObject({
      kind: "done",
      result: { kind: "connect", client: session.state.client, expires: true, ping: 25, pong: true },
    });
    if (outcome?.kind !== "done") throw new Error("it was refused");
    expect([...outcome.result.subs.keys()]).toEqual(["news:1", "chat:here"]);
    expect(session.state).toMatchObject({ user: "ann", info: '{"a":1}', hasToken: true, connected: true });
    expect(session.queuedLength).toBe(0);
  });

  test("SESS-20: the session is connected, with all subscriptions, when the outcome is there", async () => {
    const [hub, session] = fresh();
    const seen: unknown[] = [];
    await connect(hub, {
      session,
      command: {
        ...{ kind: "connect", id: 1, token: "t", data: undefined, subs: new Map() },
        ...{ name: "", version: "", headers: undefined },
      },
      answer: () => void seen.push(session.phase, session.subscriptions.size, ...hub.told),
    });
    expect(seen).toEqual(["connected", 2, "opened", "joined news:1", "joined chat:here", "connected"]);
    expect(hub.told.at(-1)).toBe("user commands");
  });

  test("SESS-38: what was published while channels were opened is pushed after the reply", async () => {
    const [hub, session] = fresh();
    hub.open = async () => openingOf({ commit: () => ["3"] });
    expect(await run(hub, session)).toMatchObject({
      pushes: [{ kind: "publication", channel: "news:1", publication: "3" }],
    });
  });

  test("SESS-20: positions of the command are recovered from", async () => {
    const [hub, session] = fresh({ channels: { "news:here": {} } });
    const outcome = await run(hub, session, { subs: new Map([["news:here", { offset: 0, epoch: "e" }]]) });
    if (outcome?.kind !== "done") throw new Error("it was refused");
    expect(outcome.result.subs.get("news:here")).toMatchObject({ recovered: true, publications: ["1", "2"] });
  });

  test.each([
    [{ kind: "expired" }, failWith(ERRORS.tokenExpired)],
    [{ kind: "unavailable", why: "" }, failWith(ERRORS.internal)],
    [{ kind: "invalid", why: "" }, closeWith(DISCONNECTS.invalidToken)],
  ] as const)("SESS-14: a token that is %o", async (token, refusal) => {
    const [hub, session] = fresh();
    hub.connectionToken = token;
    expect(await run(hub, session)).toEqual(refusal);
    expect(hub.told).toEqual([]);
  });

  test.each([
    [{ expireAt: AN_HOUR_AGO }, failWith(ERRORS.expired)],
    [{ channels: { "nowhere:1": {} } }, failWith(ERRORS.unknownChannel)],
    [{ channels: { "chat:é": {} } }, failWith(ERRORS.badRequest)],
    [
      { channels: Object.fromEntries(Array.from({ length: 129 }, (_, index) => [`chat:${index}`, {}])) },
      closeWith(DISCONNECTS.channelLimit),
    ],
  ])("SESS-14: credentials that will not do: case %#", async (changes, refusal) => {
    expect(await run(...fresh(changes))).toEqual(refusal);
  });

  test("SESS-06: a session whose connect was answered with an error is dead", async () => {
    const [hub, session] = fresh({ expireAt: AN_HOUR_AGO });
    session.state.headers = {};
    await run(hub, session);
    expect(session.phase).toBe("refused");
    expect(session.state).toMatchObject({ refused: true, headers: undefined });
  });

  test("SESS-18: one connection too many of a user", async () => {
    const [hub, session] = fresh();
    hub.isWithinUserLimit = false;
    expect(await run(hub, session)).toEqual(closeWith(DISCONNECTS.connectionLimit));
  });

  test("ABUSE-22: one connection too many over all hubs: what was opened is abandoned", async () => {
    const [hub, session] = fresh();
    const abandoned: string[] = [];
    hub.open = async (channel) => openingOf({ abandon: () => void abandoned.push(channel) });
    hub.userLimit.admit = async () => DISCONNECTS.connectionLimit;
    expect(await run(hub, session)).toEqual(closeWith(DISCONNECTS.connectionLimit));
    expect(abandoned).toEqual(["news:1"]);
  });

  test("API-40: commands on the user would not reach the hub", async () => {
    const [hub, session] = fresh();
    hub.followed = "not";
    expect(await run(hub, session)).toEqual(failWith(ERRORS.internal));
  });

  test("BLOCK-02: a hub that has only now begun to follow asks again for a block", async () => {
    for (const [followed, outcome] of [
      ["now", closeWith(DISCONNECTS.blocked)],
      ["before", undefined],
    ] as const) {
      const [hub, session] = fresh();
      hub.followed = followed;
      hub.userLimit.admitUnblocked = async () => DISCONNECTS.blocked;
      const answered = await run(hub, session);
      if (outcome) expect(answered).toEqual(outcome);
      else expect(answered).toMatchObject({ kind: "done" });
    }
  });

  test("SESS-61: one channel could not be opened", async () => {
    const [hub, session] = fresh();
    hub.open = () => Promise.reject(new Error("the home does not answer"));
    expect(await run(hub, session)).toEqual(failWith(ERRORS.internal));
    expect(session.subscriptions.size).toBe(0);
  });

  test("SESS-61: one subscription failed after the connection was there: the client is to come back", async () => {
    const [hub, session] = fresh();
    hub.open = async () => {
      hub.memory.takesSubscriptions = false;
      return openingOf();
    };
    expect(await run(hub, session)).toEqual(closeWith(DISCONNECTS.insufficientState));
    expect(hub.told).toEqual(["opened"]);
  });

  test("SESS-61: a hub without memory takes no subscriptions", async () => {
    const [hub, session] = fresh();
    hub.memory.takesSubscriptions = false;
    expect(await run(hub, session)).toEqual(failWith(ERRORS.tooManyRequests));
  });

  test("for a session that has gone meanwhile, there is no outcome, and nothing stays open", async () => {
    const [hub, session] = fresh();
    const abandoned: string[] = [];
    hub.open = async (channel) => {
      session.end();
      return openingOf({ abandon: () => void abandoned.push(channel) });
    };
    expect(await run(hub, session)).toBeUndefined();
    expect(abandoned).toEqual(["news:1"]);
    expect(hub.told).toEqual([]);
  });
});

test("a session that has gone while its token was read is nobody's, and opens nothing", async () => {
  const [hub, session] = fresh();
  const opened: string[] = [];
  hub.open = async (channel) => {
    opened.push(channel);
    return openingOf();
  };
  const running = run(hub, session);
  session.end();
  expect(await running).toBeUndefined();
  expect(opened).toEqual([]);
  expect(session.state.user).toBe("");
});

describe("without a token", () => {
  const withoutToken = (hub: FakeHub) => run(hub, newSession(hub), { token: "" });

  test("SESS-12: nobody may connect, unless anybody may", async () => {
    const hub = new FakeHub();
    expect(await withoutToken(hub)).toEqual(closeWith(DISCONNECTS.badRequest));
    expect(hub.unproven).toEqual(["connect_refused"]);
    expect(await withoutToken(new FakeHub({}, { allowAnonymous: true }))).toMatchObject({ kind: "done" });
  });

  test.each<[string, Hooks["connect"], object]>([
    ["lets in", () => ({ user: "bob", data: { a: 1 } }), { kind: "done", result: { data: '{"a":1}' } }],
    ["has no opinion", () => undefined, closeWith(DISCONNECTS.badRequest)],
    ["names nobody", () => ({}) as never, failWith(ERRORS.internal)],
    ["refuses", () => ({ error: { code: 403, message: "no" } }), failWith({ code: 403, message: "no" })],
    [
      "ends the connection",
      () => ({ disconnect: { code: 4000, reason: "later" } }),
      closeWith({ code: 4000, reason: "later", reconnect: true }),
    ],
  ])("SESS-15: the hook %s", async (_what, hook, outcome) => {
    expect(await withoutToken(new FakeHub(hook ? { connect: hook } : {}))).toMatchObject(outcome);
  });
});
