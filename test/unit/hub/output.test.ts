import { expect, onTestFinished, test, vi } from "vitest";
import { SqlStreamStore } from "../../../durable-objects/hub/storage/stream-store.ts";
import { CHANNEL_LIMITS, SESSION_LIMITS } from "../../../src/shared/limits.ts";
import type { HistoryBody } from "../../support/hub-client.ts";
import { sign } from "../../support/hub-config.ts";
import { ask, newChannel } from "../../support/node/api-client.ts";
import { TestHub } from "../../support/node/test-hub.ts";

test("SESS-63: what one frame makes the hub write for its sender is bounded: the rest is error 111, and may be asked again", async () => {
  const { channel, home } = newChannel("large");
  const data = "x".repeat(100_000);
  for (let count = 0; count < 10; count += 1) await ask("publish", { channel, data });
  const greedy = await home.connect();
  const history = { history: { channel, limit: -1 } };
  const read = vi.spyOn(SqlStreamStore.prototype, "read");
  onTestFinished(() => read.mockRestore());
  const ids = greedy.send(...Array.from({ length: 100 }, () => history));
  const codes = await Promise.all(ids.map(async (id) => (await greedy.reply(id)).error?.code));
  const answered = codes.indexOf(111);
  expect(answered).toBe(Math.ceil(SESSION_LIMITS.outputLength / (10 * data.length)));
  expect(new Set(codes.slice(answered))).toEqual(new Set([111]));
  expect(read).toHaveBeenCalledTimes(answered);
  expect((await greedy.request("history", history.history)).error).toBeUndefined();
});

test("SESS-63: a recovery that cannot be answered is not read either", async () => {
  const { channel, home } = newChannel("large");
  const data = "x".repeat(100_000);
  for (let count = 0; count < 10; count += 1) await ask("publish", { channel, data });
  const greedy = await home.connect();
  const { epoch } = await greedy.ask<HistoryBody>("history", { channel });
  const read = vi.spyOn(SqlStreamStore.prototype, "read");
  onTestFinished(() => read.mockRestore());
  const pair = [{ subscribe: { channel, recover: true, offset: 0, epoch } }, { unsubscribe: { channel } }];
  const ids = greedy.send(...Array.from({ length: 50 }, () => pair).flat());
  await greedy.reply(ids.at(-1) ?? 0);
  expect(read.mock.calls.length).toBeLessThanOrEqual(
    Math.ceil(SESSION_LIMITS.outputLength / (10 * data.length)),
  );
});

test("SESS-64: a history reply ends early where its publications are long, and can be continued", async () => {
  const { channel, home } = newChannel("large");
  const data = "x".repeat(120_000);
  const count = 2 * Math.ceil(CHANNEL_LIMITS.replyLength / data.length);
  for (let published = 0; published < count; published += 1) await ask("publish", { channel, data });
  const client = await home.connect();
  const offsets: number[] = [];
  let pages = 0;
  for (let since: object | undefined; offsets.length < count; pages += 1) {
    const { publications, epoch } = await client.ask<HistoryBody>("history", { channel, limit: -1, since });
    offsets.push(...(publications ?? []).map(({ offset = 0 }) => offset));
    since = { epoch, offset: offsets.at(-1) };
  }
  expect(pages).toBeLessThanOrEqual(3);
  expect(offsets).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  const newest = await ask("history", { channel, limit: 300, reverse: true });
  const [first] = newest.publications as { offset: number }[];
  expect(first?.offset).toBe(count);
});

/** 40 members with an info of 20 KB are a reply of 800 KB; what is asked for at home in one frame is answered in one turn. */
test("SESS-63: presence that one frame asks for again and again is bounded as history is", async () => {
  const channel = `open:${crypto.randomUUID()}`;
  const hub = new TestHub({ name: `home/${channel}` });
  for (let count = 0; count < 40; count += 1) {
    const token = await sign({ sub: `user ${count}`, info: "x".repeat(20_000) });
    await (await hub.connect({ token })).subscribe(channel);
  }
  const greedy = await hub.connect();
  const ids = greedy.send(...Array.from({ length: 60 }, () => ({ presence: { channel } })));
  await greedy.reply(ids.at(-1) ?? 0);
  const received = greedy.frames.reduce((sum, frame) => sum + (frame as string).length, 0);
  expect(received).toBeLessThan(2 * SESSION_LIMITS.outputLength);
});
