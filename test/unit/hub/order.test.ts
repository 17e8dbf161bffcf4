import { expect, test } from "vitest";
import type { HistoryBody } from "../../support/hub-client.ts";
import { Gate, Scene } from "../../support/node/delivery-scene.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import { until } from "../../support/until.ts";

test.each(["home", "edge"] as const)(
  "SESS-65: history has what was published before it in the same frame, and is answered after it (at the %s)",
  async (where) => {
    const channel = `keep:${crypto.randomUUID()}`;
    const hub = new TestHub(where === "home" ? { name: `home/${channel}` } : {});
    const client = await hub.connect();
    const ids = client.send({ publish: { channel, data: 1 } }, { history: { channel, limit: 10 } });
    const { history } = await client.reply(ids[1] ?? 0);
    await client.reply(ids[0] ?? 0);
    const order = client.frames
      .flatMap((frame) => String(frame).split("\n"))
      .map((line) => (JSON.parse(line) as { id?: number }).id)
      .filter((id) => ids.includes(id ?? 0));
    expect({ order, data: (history as HistoryBody).publications.map(({ data }) => data) }).toEqual({
      order: ids,
      data: [1],
    });
  },
);

test("SESS-65: publishes do not wait for each other, and what follows waits for all of them", async () => {
  const scene = new Scene("keep", 1);
  const { channel } = scene;
  const client = await scene.edge().connect();
  const gate = new Gate();
  scene.befall("publish", gate.before, 1);
  const publish = { publish: { channel, data: 1 } };
  const [first = 0, second = 0, unsubscribe = 0, third = 0, elsewhere = 0] = client.send(
    publish,
    publish,
    { unsubscribe: { channel } },
    publish,
    { history: { channel: "keep:another", limit: 1 } },
  );
  expect((await client.reply(elsewhere)).history).toBeDefined();
  await until(() => gate.waiting === 1);
  expect(client.unread).toEqual([]);
  gate.open();
  for (const id of [first, second, unsubscribe, third])
    expect((await client.reply(id)).error).toBeUndefined();
  const ids = client.frames
    .flatMap((frame) => String(frame).split("\n"))
    .map((line) => (JSON.parse(line) as { id?: number }).id);
  expect(ids.slice(-5)).toEqual([elsewhere, first, second, unsubscribe, third]);
});
