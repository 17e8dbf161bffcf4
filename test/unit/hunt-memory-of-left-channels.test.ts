import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { Follower } from "../../durable-objects/hub/follower.ts";
import { Home } from "../../durable-objects/hub/home.ts";
import { LocalChannels } from "../../durable-objects/hub/local-channels.ts";
import { DEFAULT_OPTIONS } from "../../src/channels/option-schema.ts";

const MiB = 1024 * 1024;
const CHANNELS = 100_000;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const locals = new LocalChannels();

/** A hub that stays awake, whose clients come and go: nobody is subscribed to any of the channels any more. */
test("a follower keeps nothing of channels that nobody here is subscribed to", async () => {
  const follower = new Follower({
    locals,
    callTimeout: 5_000,
    follow: async () => ({
      ...{ generation: 1, epoch: "epoch", offset: 1, vouched: undefined },
      ...{ missed: undefined, history: undefined },
    }),
    endSubscriptions: () => {},
  });
  const before = heapUsed();
  for (let index = 0; index < CHANNELS; index += 1) {
    const entrance = await follower.open(`chat:${index}`, undefined);
    entrance.enter();
  }
  const kept = (heapUsed() - before) / MiB;
  // What is measured is still in use.
  expect(follower).toBeDefined();
  expect(Math.round(kept)).toBeLessThan(2);
});

/** One delivery from each of many homes, of channels that nobody is subscribed to here any more. */
test("a follower keeps nothing of homes that it follows no more", () => {
  const follower = new Follower({
    locals,
    callTimeout: 5_000,
    follow: () => Promise.reject(new Error("not asked")),
    endSubscriptions: () => {},
  });
  const before = heapUsed();
  for (let index = 0; index < CHANNELS; index += 1) {
    const home = `home/chat:${index}`;
    follower.deliver({ home, incarnation: crypto.randomUUID(), sequence: 1, sentAt: Date.now(), deliveries: [] });
  }
  const kept = (heapUsed() - before) / MiB;
  expect(follower).toBeDefined();
  expect(Math.round(kept)).toBeLessThan(2);
});

/** Publications to many names of one home, which keeps no history and has no subscriber. */
test("a home keeps nothing of channels that have no history, no followers and nothing waiting", () => {
  const home = new Home({
    locals,
    schedule: () => {},
    wakeAt: () => {},
    optionsOf: () => DEFAULT_OPTIONS,
    store: { stream: () => undefined, followers: () => [] },
    deliveries: {},
  } as unknown as ConstructorParameters<typeof Home>[0]);
  const publication = { data: "1", info: undefined, tags: undefined };
  const before = heapUsed();
  for (let index = 0; index < CHANNELS; index += 1) {
    const channel = home.channel(`chat/${index}`);
    if (channel) home.submit(channel, { kind: "publication", publication, skipHistory: false, answer: () => {} });
    home.flush(Date.now());
  }
  const kept = (heapUsed() - before) / MiB;
  expect(home).toBeDefined();
  expect(Math.round(kept)).toBeLessThan(2);
});
