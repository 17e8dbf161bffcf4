import { afterEach, expect, test, vi } from "vitest";
import { FULL_ACCESS } from "../../src/api/access.ts";
import { HomeCalls } from "../../src/api/home-calls.ts";
import { ApiCommands } from "../../src/api/methods.ts";
import { stepsOf } from "../../src/api/order.ts";
import { readBatched, readLegacy } from "../../src/api/requests.ts";
import type { HomeAnswer, HomeCommand, ManageCall } from "../../src/hub-rpc/management.ts";
import { API_LIMITS } from "../../src/shared/limits.ts";
import { noRooms } from "../support/no-rooms.ts";

const publish = { publish: { channel: "a:1", data: 1 } };
const broadcast = { broadcast: { channels: ["a:1", "b:1"], data: 1 } };
const history = { history: { channel: "b:1" } };
const disconnect = { disconnect: { user: "ann" } };

/** Runs a batch against homes that answer when they are told to. */
function start(commands: readonly object[], parallel?: boolean) {
  const calls: { kinds: string[]; call: ManageCall; answer: () => void }[] = [];
  const homes = new HomeCalls((_, call) => {
    const { promise, resolve } = Promise.withResolvers<readonly (readonly HomeAnswer[])[]>();
    const kinds = call.commands.map(({ kind }) => kind);
    calls.push({ kinds, call, answer: () => resolve(call.commands.map(answersTo)) });
    return promise;
  });
  const api = new ApiCommands({
    access: FULL_ACCESS,
    hashUser: async () => "-",
    homes,
    rooms: noRooms(),
    directory: undefined,
  });
  const running = api.run("batch", { commands, parallel });
  return {
    calls,
    kinds: () => calls.map(({ kinds }) => kinds),
    replies: async () => {
      const answer = await running;
      if ("error" in answer) throw new Error(answer.error.message);
      return JSON.parse(answer.result).replies as { error?: { code: number } }[];
    },
  };
}

function answersTo(command: HomeCommand): readonly HomeAnswer[] {
  const done = { kind: "done" } as const;
  if (command.kind === "history") return [{ kind: "history", publications: ["{}"], offset: 0, epoch: "" }];
  return command.kind === "publish" ? command.channels.map(() => done) : [done];
}

/** Lets everything go on that waits for nothing but promises. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

afterEach(() => {
  vi.useRealTimers();
});

test("API-80: commands of one method in a row are one step, whether they publish to one channel or to many", () => {
  const batched = [publish, broadcast, publish, disconnect, disconnect, history, publish].map(readBatched);
  const steps = stepsOf(batched);
  expect(steps.map((step) => step.map((command) => command?.method))).toEqual([
    ["publish", "broadcast", "publish"],
    ["disconnect", "disconnect"],
    ["history"],
    ["publish"],
  ]);
  expect(steps.flat()).toEqual(batched);
});

test("API-80: batches in a row wait for each other, and what cannot be read waits in its place", () => {
  const batch = { method: "batch", params: { commands: [] } };
  expect(stepsOf([batch, batch, undefined, undefined]).map(({ length }) => length)).toEqual([1, 1, 2]);
  expect(stepsOf([])).toEqual([]);
});

test("API-80: a command begins when the one before is answered", async () => {
  const { calls, kinds, replies } = start([disconnect, publish, broadcast, history]);
  await settled();
  expect(kinds()).toEqual([["user"]]);
  calls[0]?.answer();
  await settled();
  expect(kinds()).toEqual([["user"], ["publish", "publish"], ["publish"]]);
  calls[1]?.answer();
  await settled();
  expect(calls.length).toBe(3);
  calls[2]?.answer();
  await settled();
  expect(kinds().at(-1)).toEqual(["history"]);
  calls[3]?.answer();
  const methods = (await replies()).map((reply) => Object.keys(reply));
  expect(methods).toEqual([["disconnect"], ["publish"], ["broadcast"], ["history"]]);
});

test("API-80: with `parallel` all commands begin at once", async () => {
  const { calls, kinds, replies } = start([disconnect, publish, history], true);
  await settled();
  expect(kinds()).toEqual([["user"], ["publish"], ["history"]]);
  for (const { answer } of calls) answer();
  expect(await replies()).toHaveLength(3);
});

test("API-80: lines of the legacy form wait for each other too", async () => {
  const order: string[] = [];
  const homes = new HomeCalls(async (_, { commands }) => {
    order.push(...commands.map(({ kind }) => `${kind} begins`));
    await settled();
    order.push(...commands.map(({ kind }) => `${kind} ends`));
    return commands.map(answersTo);
  });
  const lines = [
    { method: "disconnect", params: { user: "ann" } },
    { method: "publish", params: { channel: "a:1", data: 1 } },
  ];
  const api = new ApiCommands({
    access: FULL_ACCESS,
    hashUser: async () => "-",
    homes,
    rooms: noRooms(),
    directory: undefined,
  });
  expect(await api.runInOrder(lines.map(readLegacy))).toHaveLength(2);
  expect(order).toEqual(["user begins", "user ends", "publish begins", "publish ends"]);
});

test("API-83: what has not begun in time is error 111, and nothing of it is done", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const { calls, kinds, replies } = start([disconnect, publish, history, publish]);
  vi.advanceTimersByTime(API_LIMITS.requestTime);
  calls[0]?.answer();
  await settled();
  expect(kinds()).toEqual([["user"], ["publish"]]);
  vi.advanceTimersByTime(1);
  calls[1]?.answer();
  const codes = (await replies()).map(({ error }) => error?.code);
  expect(codes).toEqual([undefined, undefined, 111, 111]);
  expect(calls.length).toBe(2);
});

test("API-19: a home is told what the calls of the same request before this one have used", async () => {
  const history = { history: { channel: "a:1" } };
  const { calls } = start([publish, history, publish]);
  for (const used of [
    { published: 0, answered: 0 },
    { published: 1, answered: 0 },
    { published: 1, answered: 2 },
  ]) {
    await settled();
    expect(calls.at(-1)?.call.used).toEqual(used);
    calls.at(-1)?.answer();
  }
});
