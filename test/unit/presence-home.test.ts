import { beforeEach, expect, test, vi } from "vitest";
import type { HubRpc } from "../../src/hub-rpc/hub-rpc.ts";
import type { MembersAnswer, MembersCall } from "../../src/hub-rpc/messages.ts";
import { HomePresence } from "../../src/presence/home-presence.ts";
import { CHANNEL_LIMITS } from "../../src/shared/limits.ts";
import { LocalChannels } from "../../src/streams/local-channels.ts";

const CHANNEL = "chat:1";
const { presenceAge, presenceMembers } = CHANNEL_LIMITS;

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000, toFake: ["Date"] }));

/** The presence of a home whose followers answer like this, and the questions to them. */
function homeWith(followers: Readonly<Record<string, (call: MembersCall) => MembersAnswer>>) {
  const asked: string[] = [];
  const presence = new HomePresence({
    name: "home",
    locals: new LocalChannels(),
    followersOf: () => Object.keys(followers),
    stubOf: (hub) => {
      const members = async (call: MembersCall) => {
        asked.push(hub);
        return followers[hub]?.(call) ?? [];
      };
      return { members } as unknown as HubRpc;
    },
  });
  return { presence, asked, count: () => presence.numbers(CHANNEL, "home", undefined) };
}

const keys = (from: number, count: number) => {
  const range = Array.from({ length: count }, (_, index) => from + index);
  return { clients: range, users: range.map((key) => key % 10) };
};

test("CHAN-42: 200,000 members at followers are counted, and one more is none of the answer", async () => {
  const half = presenceMembers / 2;
  const two = homeWith({ one: () => keys(0, half), two: () => keys(half, half) });
  expect(await two.count()).toEqual({ clients: presenceMembers, users: 10 });
  const limited = (count: number) => (call: MembersCall) =>
    count > call.limit ? { untold: count } : keys(half, count);
  const { count, asked } = homeWith({ one: () => keys(0, half), two: limited(half + 1) });
  expect(await count()).toEqual({ untold: presenceMembers + 1 });
  expect(asked).toEqual(["one", "two"]);
});

test("DELIV-25: what followers have told is forgotten when nobody has asked for a second", async () => {
  const { presence, asked, count } = homeWith({ one: () => keys(0, 5) });
  await count();
  vi.setSystemTime(Date.now() + presenceAge - 1);
  presence.sweep(Date.now());
  await count();
  expect(asked).toHaveLength(1);
  vi.setSystemTime(Date.now() + presenceAge);
  presence.sweep(Date.now());
  const info = { user: "ann", client: "a", connInfo: undefined, chanInfo: undefined };
  const event = { kind: "join", channel: CHANNEL, info, isPresent: true } as const;
  expect(() => presence.noteMember("one", event)).not.toThrow();
  await count();
  expect(asked).toHaveLength(2);
});
