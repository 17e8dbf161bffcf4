import { describe, expect, test } from "vitest";
import { applyUserCommand } from "../../src/fronts/server-api/apply-user-command.ts";
import type { SubscribeUserCommand, UserCommand } from "../../src/hub-rpc/management.ts";
import { subscribeUser } from "../../src/operations/server-side.ts";
import type { Session } from "../../src/sessions/session.ts";
import { DISCONNECTS, ERRORS } from "../../src/shared/codes.ts";
import { closeWith, failWith } from "../../src/shared/refusal.ts";
import {
  AN_HOUR_AGO,
  FakeHub,
  IN_AN_HOUR,
  openingOf,
  outcomeOf,
  sessionOf,
  subscriptionTo,
} from "../support/operations.ts";

const all = { user: "ann", client: "", session: "" };

function commandFor(channel: string, changes: Partial<SubscribeUserCommand> = {}): SubscribeUserCommand {
  return {
    ...{ ...all, action: "subscribe", channel, info: undefined, data: '{"a":1}', recoverSince: undefined },
    ...{ expireAt: undefined, override: {}, ...changes },
  };
}

describe("subscribe of the server API, as an operation", () => {
  const run = (hub: FakeHub, session: Session, channel: string, changes?: Partial<SubscribeUserCommand>) =>
    outcomeOf(
      (request: Parameters<typeof subscribeUser>[1]) => subscribeUser(hub, request),
      session,
      commandFor(channel, changes),
    );
  const fresh = (): [FakeHub, Session] => {
    const hub = new FakeHub();
    return [hub, sessionOf(hub).session];
  };

  test.each(["closed:1", "closed:here"])("API-30: nobody is asked for permission to %s", async (channel) => {
    const [hub, session] = fresh();
    expect(await run(hub, session, channel)).toMatchObject({
      ...{ kind: "done", result: { kind: "subscribe", data: '{"a":1}' } },
    });
    expect(session.subscriptions.get(channel)).toMatchObject({ isServerSide: true, isAdded: true });
    expect(session.queuedLength).toBe(0);
  });

  test.each([
    ["nowhere:1", {}, ERRORS.unknownChannel],
    ["chat:é", {}, ERRORS.badRequest],
    ["chat:1", { expireAt: AN_HOUR_AGO }, ERRORS.expired],
  ])("API-31: an error changes nothing: %s %o", async (channel, changes, error) => {
    const [hub, session] = fresh();
    expect(await run(hub, session, channel, changes)).toEqual(failWith(error));
    expect(session.subscriptions.size).toBe(0);
  });

  test("API-31: a session that is subscribed, or full, stays as it is", async () => {
    const hub = new FakeHub({}, { channelLimit: 1 });
    const { session } = sessionOf(hub);
    session.addSubscription(subscriptionTo("chat:1"));
    expect(await run(hub, session, "chat:1")).toEqual(failWith(ERRORS.alreadySubscribed));
    expect(await run(hub, session, "chat:2")).toEqual(failWith(ERRORS.limitExceeded));
  });

  test("API-42: where the channel cannot be opened, the session has to come back", async () => {
    const [hub, session] = fresh();
    hub.open = () => Promise.reject(new Error("the home does not answer"));
    expect(await run(hub, session, "chat:1")).toEqual(closeWith(DISCONNECTS.insufficientState));
    expect(session.subscriptionCount).toBe(0);
  });

  test("API-42: where the hub has no memory by then, too", async () => {
    const [hub, session] = fresh();
    const running = run(hub, session, "chat:1");
    hub.memory.takesSubscriptions = false;
    expect(await running).toEqual(closeWith(DISCONNECTS.insufficientState));
  });

  test("for a session that has gone meanwhile, the opening is abandoned", async () => {
    const [hub, session] = fresh();
    const abandoned: boolean[] = [];
    hub.open = async () => openingOf({ abandon: () => void abandoned.push(true) });
    const running = run(hub, session, "chat:1");
    session.end();
    expect(await running).toBeUndefined();
    expect(abandoned).toEqual([true]);
  });
});

describe("commands on users, as their sessions see them", () => {
  /** What a session is sent because of commands. */
  async function sent(
    hub: FakeHub,
    { session, frames }: ReturnType<typeof sessionOf>,
    ...commands: UserCommand[]
  ) {
    for (const command of commands) applyUserCommand(hub, session, command);
    await Promise.all(session.busyChannels?.values() ?? []);
    session.flush();
    return frames.flatMap((frame) => frame.split("\n"));
  }

  test("API-31: subscribe is a push, and what was recovered or came meanwhile follows it", async () => {
    const hub = new FakeHub();
    hub.open = async () =>
      openingOf({ history: { first: 2, publications: ['{"data":2}'] }, commit: () => ['{"data":3}'] });
    const subscribe = commandFor("news:1", { recoverSince: { offset: 1, epoch: "e" } });
    expect(await sent(hub, sessionOf(hub), subscribe)).toEqual([
      '{"push":{"channel":"news:1","subscribe":{"recoverable":true,"epoch":"e","offset":1,"positioned":true,"data":{"a":1}}}}',
      '{"push":{"channel":"news:1","pub":{"data":2}}}',
      '{"push":{"channel":"news:1","pub":{"data":3}}}',
    ]);
  });

  test("API-31: an error is not told to the client", async () => {
    const hub = new FakeHub();
    expect(await sent(hub, sessionOf(hub), commandFor("nowhere:1"))).toEqual([]);
  });

  test("API-34: unsubscribe comes after a subscribe that is under way", async () => {
    const hub = new FakeHub();
    const client = sessionOf(hub);
    const unsubscribe = { ...all, action: "unsubscribe", channel: "" } as const;
    const lines = await sent(hub, client, commandFor("chat:1"), unsubscribe);
    expect(lines.map((line) => Object.keys(JSON.parse(line).push)[1])).toEqual(["subscribe", "unsubscribe"]);
    expect(client.session.subscriptions.size).toBe(0);
  });

  test("API-33: who is not subscribed is told so where the channel is named", async () => {
    const hub = new FakeHub();
    const unsubscribe = { ...all, action: "unsubscribe" } as const;
    expect(await sent(hub, sessionOf(hub), { ...unsubscribe, channel: "" })).toEqual([]);
    expect(await sent(hub, sessionOf(hub), { ...unsubscribe, channel: "chat:1" })).toHaveLength(1);
  });

  test("API-37: refresh changes until when the connection may stay", async () => {
    const hub = new FakeHub();
    const client = sessionOf(hub);
    const refresh = { ...all, action: "refresh", isExpired: false, info: "1", expireAt: IN_AN_HOUR } as const;
    const [line = ""] = await sent(hub, client, refresh);
    expect(JSON.parse(line)).toMatchObject({ push: { refresh: { expires: true } } });
    expect(client.session.state).toMatchObject({ expireAt: IN_AN_HOUR, info: "1" });
    expect(await sent(hub, client, { ...refresh, isExpired: true })).toContain("closed with 3005");
  });

  test("API-35: disconnect closes with the code that the backend gives", async () => {
    const hub = new FakeHub();
    const disconnect = { ...all, action: "disconnect", whitelist: [], code: 4001, reason: "later" } as const;
    expect(await sent(hub, sessionOf(hub), disconnect)).toEqual(["closed with 4001"]);
  });
});
