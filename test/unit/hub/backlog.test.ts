import { expect, test } from "vitest";
import { HUB_LIMITS } from "../../../src/shared/limits.ts";
import type { HistoryBody } from "../../support/hub-client.ts";
import { configureHub, sign } from "../../support/hub-config.ts";
import { dataOf, Gate, Scene } from "../../support/node/delivery-scene.ts";
import { UNLIMITED } from "../../support/rates.ts";
import { until } from "../../support/until.ts";

test("SESS-62: what waits for a home that does not answer is bounded, refused with 111, and published once it answers", async () => {
  const scene = new Scene("large", 1);
  const { channel, home } = scene;
  const gate = new Gate();
  scene.befall("publish", gate.before, 1);
  const data = "x".repeat(60_000);
  const wanted = Math.ceil(HUB_LIMITS.submissionsLength / data.length);
  const writers = await Promise.all(Array.from({ length: 3 }, () => scene.edge().connect()));
  const send = (index: number) => {
    const writer = writers[index % writers.length];
    if (writer === undefined) throw new Error("there is no writer");
    const [id = 0] = writer.send({ publish: { channel, data: index === 0 ? 0 : data } });
    return () => writer.reply(id);
  };
  // The first one is under way, and keeps the others waiting.
  const first = send(0);
  await until(() => gate.waiting === 1);
  const codes: (number | undefined)[] = [];
  const replies = Array.from({ length: wanted }, (_, index) => send(index + 1));
  const answers = replies.map((reply) => reply().then(({ error }) => codes.push(error?.code)));
  await until(() => codes.length > 0);
  expect(new Set(codes)).toEqual(new Set([111]));
  gate.open();
  await Promise.all([first(), ...answers]);
  const accepted = codes.filter((code) => code === undefined).length;
  expect(accepted).toBeGreaterThan(0.98 * wanted);
  expect(accepted).toBeLessThan(wanted);
  const reader = await home.connect();
  const { offset } = await reader.ask<HistoryBody>("history", { channel });
  expect(offset).toBe(accepted + 1);
});

test.each([
  ["of publishers with much to say of themselves", 1_500, { about: "x".repeat(10_000) }],
  ["of one character each", 15_000, undefined],
])("DELIV-19: publications %s are sent in calls of a bearable size", async (_, count, info) => {
  const scene = new Scene("open", 1);
  const { channel } = scene;
  const gate = new Gate();
  scene.befall("publish", gate.before, 1);
  configureHub(scene.edge().name, { connection: { commandRate: UNLIMITED } });
  const client = await scene.edge().connect({ token: await sign({ sub: "ann", info }) });
  const send = (count: number) =>
    client.send(...Array.from({ length: count }, () => ({ publish: { channel, data: 1 } })));
  const ids = send(1);
  await until(() => gate.waiting === 1);
  for (let sent = 0; sent < count; sent += 500) ids.push(...send(500));
  gate.open();
  for (const id of ids) expect((await client.reply(id)).publish).toEqual({});
  const sizes = scene.calls.map((made) => (made.method === "publish" ? JSON.stringify(made.call).length : 0));
  expect(Math.max(...sizes)).toBeLessThan(1.2 * HUB_LIMITS.callLength);
});

test("HUB-53: a follower that does not answer for long gets all of many channels from the history once it does", async () => {
  const scene = new Scene("large", 1);
  const { home } = scene;
  configureHub(home.name, { connection: { byteRate: UNLIMITED } });
  const channels = Array.from({ length: 10 }, (_, number) => `${scene.channel}/${number}`);
  // Where the runtime does not tell what waits, one that has got as much without a sign of life would count as slow.
  const readers = await Promise.all(channels.map(() => scene.edge().connect()));
  for (const [index, channel] of channels.entries()) await readers[index]?.subscribe(channel);
  const gate = new Gate();
  scene.befall("deliver", gate.before, 1);
  const writer = await home.connect();
  const data = "x".repeat(60_000);
  const count = Math.ceil(HUB_LIMITS.allBacklogsLength / channels.length / data.length) + 1;
  for (let round = 0; round < count; round += 1)
    await Promise.all(channels.map((channel) => writer.publish(channel, `${round} ${data}`)));
  expect(gate.waiting).toBe(1);
  gate.open();
  for (const [index, channel] of channels.entries()) {
    const received = await dataOf(readers[index] ?? writer, channel, count);
    expect(received.map((text) => Number.parseInt(String(text), 10))).toEqual(
      Array.from({ length: count }, (_, round) => round),
    );
  }
});
