import { describe, expect, test } from "vitest";
import { history, presence } from "../../src/operations/reads.ts";
import type { HistoryCommand } from "../../src/protocol/messages.ts";
import { Allowance } from "../../src/sessions/allowance.ts";
import type { Session } from "../../src/sessions/session.ts";
import { DISCONNECTS, ERRORS } from "../../src/shared/codes.ts";
import { SESSION_LIMITS } from "../../src/shared/limits.ts";
import { closeWith, failWith } from "../../src/shared/refusal.ts";
import { FakeHub, outcomeOf, sessionOf } from "../support/operations.ts";

function readHistory(hub: FakeHub, session: Session, channel: string, changes: Partial<HistoryCommand> = {}) {
  return outcomeOf((request: Parameters<typeof history>[1]) => history(hub, request), session, {
    ...{ kind: "history", id: 1, channel, limit: 10, since: undefined, reverse: false, ...changes },
  });
}

function readPresence(hub: FakeHub, session: Session, channel: string) {
  return outcomeOf((request: Parameters<typeof presence>[1]) => presence(hub, request), session, {
    ...{ kind: "presence_stats", id: 1, channel },
  });
}

function fresh(): [FakeHub, Session] {
  const hub = new FakeHub();
  return [hub, sessionOf(hub).session];
}

describe("history", () => {
  test.each(["open:1", "open:here"])("CHAN-30: it is read of %s", async (channel) => {
    const [hub, session] = fresh();
    expect(await readHistory(hub, session, channel)).toEqual({
      kind: "done",
      result: { kind: "history", epoch: "e", offset: 2, publications: ["1", "2"] },
      pushes: [],
    });
    expect(session.queuedLength).toBe(0);
  });

  test("CHAN-32: a position of another epoch", async () => {
    const since = { offset: 1, epoch: "other" };
    expect(await readHistory(...fresh(), "open:here", { since })).toEqual(
      failWith(ERRORS.unrecoverablePosition),
    );
  });

  test("CHAN-32: what the home elsewhere refuses is refused", async () => {
    const [hub, session] = fresh();
    hub.history = { errorCode: ERRORS.unrecoverablePosition.code };
    expect(await readHistory(hub, session, "open:1")).toEqual(failWith(ERRORS.unrecoverablePosition));
  });

  test("ABUSE-17: what is longer than a short read is asked for again, as a long one", async () => {
    const [hub, session] = fresh();
    const asked: (number | undefined)[] = [];
    hub.homes.history = async (_home, { length }) => {
      asked.push(length);
      return { epoch: "e", offset: 2, publications: [], isLong: length !== undefined };
    };
    expect(await readHistory(hub, session, "open:1")).toMatchObject({ kind: "done" });
    expect(asked).toEqual([SESSION_LIMITS.shortRead, undefined]);
  });
});

describe("presence", () => {
  test("API-21: it is answered with what presence knows", async () => {
    expect(await readPresence(...fresh(), "open:1")).toEqual({
      ...{ kind: "done", pushes: [] },
      result: { kind: "presence_stats", clients: 2, users: 1 },
    });
  });

  test("CHAN-42: too many members", async () => {
    const [hub, session] = fresh();
    hub.presenceOutcome = { errorCode: ERRORS.tooManyRequests.code };
    expect(await readPresence(hub, session, "open:1")).toEqual(failWith(ERRORS.tooManyRequests));
  });

  test("SESS-58: it is not asked where too many commands wait", async () => {
    const [hub, session] = fresh();
    session.pendingCommands = SESSION_LIMITS.pendingCommands;
    expect(await readPresence(hub, session, "open:1")).toEqual(failWith(ERRORS.tooManyRequests));
  });
});

describe.each([
  ["history", readHistory],
  ["presence", readPresence],
])("%s", (_what, read) => {
  test.each([
    ["", closeWith(DISCONNECTS.badRequest)],
    ["x".repeat(256), failWith(ERRORS.badRequest)],
    ["nowhere:1", failWith(ERRORS.unknownChannel)],
    ["closed:1", failWith(ERRORS.permissionDenied)],
    ["chat:1", failWith(ERRORS.notAvailable)],
  ])("CHAN-08: %j is refused", async (channel, refusal) => {
    expect(await read(...fresh(), channel)).toEqual(refusal);
  });

  test.each(["open:1", "open:here"])(
    "SESS-63: nothing is read of %s for a session that is not taking what it has",
    async (channel) => {
      const [hub, session] = fresh();
      session.pushShared("x".repeat(SESSION_LIMITS.outputLength + 1));
      expect(await read(hub, session, channel)).toEqual(failWith(ERRORS.tooManyRequests));
    },
  );

  test.each(["open:1", "open:here"])(
    "ABUSE-16: nothing is read of %s for a session that has overdrawn its allowance",
    async (channel) => {
      const [hub, session] = fresh();
      session.allowance = new Allowance(hub.config.connection, Date.now());
      session.charge(1e9);
      expect(await read(hub, session, channel)).toEqual(failWith(ERRORS.tooManyRequests));
    },
  );

  test("ABUSE-30: a session may not make up homes without end", async () => {
    const [hub, session] = fresh();
    session.newHomes = { take: () => false } as never;
    expect(await read(hub, session, "open:1")).toEqual(failWith(ERRORS.tooManyRequests));
  });
});
