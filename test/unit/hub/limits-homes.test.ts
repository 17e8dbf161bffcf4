import { expect, test } from "vitest";
import { SESSION_LIMITS } from "../../../src/shared/limits.ts";
import { stopClock } from "../../support/clock.ts";
import { TestHub } from "../../support/node/test-hub.ts";

const newName = () => `keep:${crypto.randomUUID()}`;

test("ABUSE-30 ABUSE-31: a session has 128 new homes called at once, then one a second; more are error 111, whatever it wants of them", async () => {
  const clock = stopClock();
  const known = newName();
  const hub = new TestHub({ name: `home/${known}` });
  const client = await hub.connect();
  const names = Array.from({ length: SESSION_LIMITS.newHomes }, newName);
  for (const id of client.send(...names.map((channel) => ({ publish: { channel, data: 1 } }))))
    expect((await client.reply(id)).error).toBeUndefined();
  for (const kind of ["subscribe", "publish", "history", "presence", "presence_stats"])
    expect(await client.codeOf(kind, { channel: newName(), data: 1 })).toBe(111);
  // Its own hub, and a home that the hub has called, are not new.
  for (const channel of [known, names[0]])
    expect(await client.codeOf("subscribe", { channel })).toBeUndefined();
  clock.advance(1_000);
  const codes = [];
  for (const channel of [newName(), newName()]) codes.push(await client.codeOf("subscribe", { channel }));
  expect(codes).toEqual([undefined, 111]);
  // Another session has its own.
  expect(await (await hub.connect()).codeOf("subscribe", { channel: newName() })).toBeUndefined();
});
