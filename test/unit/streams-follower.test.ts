import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { DeliverCall } from "../../src/hub-rpc/messages.ts";
import type { Encoded } from "../../src/protocol/codec.ts";
import { jsonCodec } from "../../src/protocol/json/codec.ts";
import type { Session } from "../../src/sessions/session.ts";
import type { Subscription } from "../../src/sessions/state.ts";
import { Follower } from "../../src/streams/follower.ts";
import { LocalChannels } from "../../src/streams/local-channels.ts";

const CHANNEL = "plain:1";
const CALL_TIMEOUT = 5_000;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A hub that follows a channel without history, with one session that is pushed what comes. */
function follower() {
  const received: string[] = [];
  const locals = new LocalChannels();
  const pushShared = (line: Encoded) => void received.push(JSON.parse(String(line)).push.pub);
  const session = { codec: jsonCodec, pushShared, trail: { pushes: 0 } };
  locals.add(session as unknown as Session, { channel: CHANNEL } as Subscription);
  const hub = {
    locals,
    callTimeout: CALL_TIMEOUT,
    follow: () => Promise.reject(new Error("not needed")),
    vacated: () => {},
    endSubscriptions: () => {},
  };
  const deliver = (call: Pick<DeliverCall, "incarnation" | "sequence" | "sentAt">, text: string) => {
    const [delivery] = [
      { channel: CHANNEL, generation: 1, epoch: "", previous: undefined, vouched: true, lost: false },
    ];
    const unnumbered = [{ after: 0, publication: JSON.stringify(text) }];
    sleeping.deliver({
      home: "home/plain:1",
      ...call,
      deliveries: [{ ...delivery, publications: [], unnumbered, joinLeave: [] }],
    });
  };
  let sleeping = new Follower(hub);
  const sleep = () => {
    sleeping = new Follower(hub);
  };
  return { received, deliver, sleep };
}

test("DELIV-11: what a home sent before it was reset is not delivered after what it has sent since", () => {
  const { received, deliver } = follower();
  const sentAt = Date.now();
  deliver({ incarnation: "second", sequence: 1, sentAt: sentAt + 10 }, "later");
  deliver({ incarnation: "first", sequence: 9, sentAt }, "earlier");
  expect(received).toEqual(["later"]);
});

test("DELIV-11: a home whose clock was set back by its reset is heard again after the time of one call", () => {
  const { received, deliver } = follower();
  deliver({ incarnation: "first", sequence: 9, sentAt: Date.now() }, "before");
  const sentAt = Date.now() - 60_000;
  vi.advanceTimersByTime(CALL_TIMEOUT + 1);
  deliver({ incarnation: "second", sequence: 1, sentAt }, "first since");
  vi.advanceTimersByTime(60_001);
  deliver({ incarnation: "second", sequence: 2, sentAt: sentAt + 65_001 }, "second since");
  expect(received).toEqual(["before", "second since"]);
});

test("DELIV-11: calls that were given up and slept over deliver nothing, however many come", () => {
  const { received, deliver, sleep } = follower();
  const sentAt = Date.now();
  deliver({ incarnation: "only", sequence: 3, sentAt }, "in time");
  sleep();
  vi.advanceTimersByTime(2 * CALL_TIMEOUT);
  deliver({ incarnation: "only", sequence: 1, sentAt }, "late");
  deliver({ incarnation: "only", sequence: 2, sentAt }, "late too");
  deliver({ incarnation: "only", sequence: 4, sentAt: Date.now() }, "in time again");
  expect(received).toEqual(["in time", "in time again"]);
});
