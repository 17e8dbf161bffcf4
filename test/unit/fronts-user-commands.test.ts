import { describe, expect, test } from "vitest";
import { controlChannel } from "../../src/channels/control.ts";
import { type HubOfUserCommands, UserCommands } from "../../src/fronts/server-api/user-commands.ts";
import type { UserCommand } from "../../src/hub-rpc/management.ts";
import type { Session } from "../../src/sessions/session.ts";
import { FakeHub, sessionOf } from "../support/operations.ts";

const all = { user: "ann", client: "", session: "" };
const unsubscribe: UserCommand = { ...all, action: "unsubscribe", channel: "chat:1" };
const disconnect: UserCommand = { ...all, action: "disconnect", whitelist: [], code: 4001, reason: "later" };

/** A hub with the connections of one user, and what listens for commands on it. */
function scene(count = 1) {
  const hub = new FakeHub({}, { userCommands: true });
  const clients = Array.from({ length: count }, () => sessionOf(hub));
  const sessions: ReadonlySet<Session> = new Set(clients.map(({ session }) => session));
  const ofUser = (user: string) => (user === "ann" ? sessions : new Set<Session>());
  const commands = new UserCommands(Object.assign(hub, { sessions: { ...hub.sessions, ofUser } }));
  const frames = () => {
    for (const { session } of clients) session.flush();
    return clients.map(({ frames }) => frames.length);
  };
  return { hub: hub as HubOfUserCommands & FakeHub, commands, clients, frames };
}

/** The client of a scene that has one. */
function only({ clients }: ReturnType<typeof scene>) {
  const [client] = clients;
  if (client === undefined) throw new Error("there is none");
  return client;
}

describe("commands on users", () => {
  test("API-41: what comes while a connection is being set up is carried out after its reply", async () => {
    const given = scene();
    const { session } = only(given);
    expect(await given.commands.follow(session)).toBe("now");
    given.commands.take(unsubscribe);
    expect(given.frames()).toEqual([0]);
    given.commands.connected(session);
    expect(given.frames()).toEqual([1]);
    given.commands.take(unsubscribe);
    expect(given.frames()).toEqual([2]);
  });

  test("API-41: a disconnect does not wait", async () => {
    const given = scene();
    await given.commands.follow(only(given).session);
    given.commands.take(disconnect);
    expect(only(given).frames).toEqual(["closed with 4001"]);
  });

  test("API-40: a connection is refused where its control home does not answer", async () => {
    const given = scene();
    given.hub.open = () => Promise.reject(new Error("it does not answer"));
    expect(await given.commands.follow(only(given).session)).toBe("not");
  });

  test("API-36: only those that are named are meant, and not those that may stay", () => {
    const given = scene(3);
    const [one, other] = given.clients.map(({ session }) => session.state.client);
    for (const { session } of given.clients) given.commands.add(session);
    given.commands.take({ ...unsubscribe, client: one ?? "" });
    expect(given.frames()).toEqual([1, 0, 0]);
    given.commands.take({ ...unsubscribe, session: "s" });
    expect(given.frames()).toEqual([1, 0, 0]);
    given.commands.take({ ...disconnect, whitelist: [one ?? "", other ?? ""] });
    expect(given.frames()).toEqual([1, 0, 1]);
  });

  test("API-30: one that fails for one connection is carried out for the others", () => {
    const given = scene(2);
    for (const { session } of given.clients) given.commands.add(session);
    only(given).session.changing.startLeaving = () => {
      throw new Error("broken");
    };
    given.commands.take(unsubscribe);
    expect(given.frames()).toEqual([0, 1]);
  });

  test("API-40: with its last connection a user is followed no more", () => {
    const given = scene(2);
    const channel = controlChannel("ann");
    const [one, other] = given.clients.map(({ session }) => session);
    if (one === undefined || other === undefined) throw new Error("there are two");
    for (const session of [one, other]) given.commands.add(session);
    expect(given.hub.locals.has(channel)).toBe(true);
    given.commands.remove(one);
    expect(given.hub.told).toEqual([]);
    given.commands.remove(other);
    expect(given.hub.locals.has(channel)).toBe(false);
    expect(given.hub.told).toEqual([`vacated ${channel}`]);
    given.commands.take(unsubscribe);
    expect(given.frames()).toEqual([0, 0]);
  });

  test("API-39: where they are off, nothing is followed", async () => {
    const hub = new FakeHub();
    const { session } = sessionOf(hub);
    const ofUser = () => new Set<Session>();
    const commands = new UserCommands(Object.assign(hub, { sessions: { ...hub.sessions, ofUser } }));
    expect(await commands.follow(session)).toBe("before");
    expect(hub.locals.has(controlChannel("ann"))).toBe(false);
  });
});
