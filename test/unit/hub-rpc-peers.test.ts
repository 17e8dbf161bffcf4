import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CallForms } from "../../src/hub-rpc/call-forms.ts";
import { type HubRpc, hubOf } from "../../src/hub-rpc/hub-rpc.ts";
import type { Versioned } from "../../src/hub-rpc/messages.ts";
import { answerCall, Peers } from "../../src/hub-rpc/peers.ts";
import type { CallVersions } from "../../src/hub-rpc/wire-versions.ts";

const TIMEOUT = 5_000;
const call = { hub: "edge/x/0", user: "ann", count: 3 };

/** Version 1 counts from 0. */
const version1: CallForms = {
  admitUser: {
    writeCall: ({ count, ...rest }) => ({ ...rest, count: count - 1 }),
    readCall: (written) => {
      const { hub, user, count } = written as typeof call;
      return { hub, user, count: count + 1 };
    },
    writeAnswer: (isAdmitted) => (isAdmitted ? "yes" : "no"),
    readAnswer: (answer) => answer === "yes",
  },
};
const ONLY_1: CallVersions = { current: 1, oldest: 1, forms: { 1: version1 } };
const UP_TO_2: CallVersions = { current: 2, oldest: 1, forms: { 1: version1 } };
const UP_TO_3: CallVersions = { current: 3, oldest: 2, forms: {} };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A hub of one build, as others see it, and what it was asked in the versions of the calls. */
function hubWith(versions: CallVersions) {
  const versionsAsked: (number | undefined)[] = [];
  const asked: object[] = [];
  const hub = hubOf((method, written) => {
    versionsAsked.push((written as Versioned).version);
    return answerCall(versions, method, written, (read) => {
      const { version: _, ...rest } = read as Versioned & typeof call;
      asked.push(rest);
      return true as never;
    });
  });
  return { hub, versionsAsked, asked };
}

function callerOf(versions: CallVersions, hub: HubRpc): HubRpc {
  return new Peers({ versions, timeout: TIMEOUT, stubOf: () => hub }).stubOf("home/a");
}

test("SKEW-01: hubs of one build speak their newest version", async () => {
  const { hub, versionsAsked, asked } = hubWith(UP_TO_2);
  expect(await callerOf(UP_TO_2, hub).admitUser(call)).toBe(true);
  expect([versionsAsked, asked]).toEqual([[2], [call]]);
});

test("SKEW-01: a hub of the build before refuses the newest version once, and is asked in its own from then on", async () => {
  const { hub, versionsAsked, asked } = hubWith(ONLY_1);
  const peers = new Peers({ versions: UP_TO_2, timeout: TIMEOUT, stubOf: () => hub });
  expect(await peers.stubOf("home/a").admitUser(call)).toBe(true);
  expect(await peers.stubOf("home/a").admitUser(call)).toBe(true);
  expect([versionsAsked, asked]).toEqual([
    [2, 1, 1],
    [call, call],
  ]);
});

test("SKEW-01: a hub of the build before is answered in the version in which it asks", async () => {
  const { hub, versionsAsked, asked } = hubWith(UP_TO_2);
  expect(await callerOf(ONLY_1, hub).admitUser(call)).toBe(true);
  expect([versionsAsked, asked]).toEqual([[1], [call]]);
});

test("SKEW-03: builds that know no version in common refuse each other, and nothing is carried out", async () => {
  const { hub, versionsAsked, asked } = hubWith(ONLY_1);
  await expect(callerOf(UP_TO_3, hub).admitUser(call)).rejects.toThrow("version 2");
  expect([versionsAsked, asked]).toEqual([[3, 2], []]);
  const unversioned = hub.admitUser(call);
  await expect(unversioned).rejects.toThrow("version 0");
});

test("DELIV-14: a call that is not answered in time is given up, whatever its method", async () => {
  const hub = callerOf(
    UP_TO_2,
    hubOf(() => new Promise(() => {})),
  );
  const calls = [hub.admitUser(call), hub.unfollow({ hub: "edge/x/0", registrations: [] })];
  const ended = Promise.allSettled(calls);
  await vi.advanceTimersByTimeAsync(TIMEOUT);
  expect((await ended).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(vi.getTimerCount()).toBe(0);
});
