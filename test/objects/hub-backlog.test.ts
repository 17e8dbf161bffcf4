import { expect, test } from "vitest";
import { HUB_LIMITS } from "../../src/limits.ts";
import { until } from "./client.ts";
import { Gate, Scene } from "./delivery-scene.ts";
import type { HistoryBody } from "./hub-client.ts";
import { sign } from "./hub-config.ts";

test("SESS-62: what waits for a home that does not answer is bounded, refused with 111, and published once it answers", async () => {
  const scene = new Scene("large", 1, 60_000);
  const { channel, home } = scene;
  const gate = new Gate();
  scene.befall("publish", gate.before, 1);
  const data = "x".repeat(60_000);
  const accepted = Math.floor(HUB_LIMITS.submissionsLength / (data.length + 2));
  const writers = await Promise.all(Array.from({ length: 3 }, () => scene.edge().connect()));
  const send = (index: number) => {
    const writer = writers[index % writers.length];
    if (writer === undefined) throw new Error("there is no writer");
    const [id = 0] = writer.send({ publish: { channel, data: index === 0 ? 0 : data } });
    return { index, reply: () => writer.reply(id) };
  };
  // The first one is under way, and keeps the others waiting.
  const first = send(0);
  await until(() => gate.waiting === 1);
  const sent = Array.from({ length: accepted + 1 }, (_, index) => send(index + 1));
  const codes: (number | undefined)[] = [];
  const answers = sent.map(({ reply }) => reply().then(({ error }) => codes.push(error?.code)));
  await until(() => codes.length === 1);
  expect(codes).toEqual([111]);
  gate.open();
  await Promise.all([first.reply(), ...answers]);
  expect(codes.filter((code) => code !== undefined)).toEqual([111]);
  const reader = await home.connect();
  const { offset } = await reader.ask<HistoryBody>("history", { channel });
  expect(offset).toBe(accepted + 1);
});

test("DELIV-19: what a publisher is, and not only what it publishes, counts towards the size of a call", async () => {
  const scene = new Scene("open", 1);
  const { channel } = scene;
  const gate = new Gate();
  scene.befall("publish", gate.before, 1);
  const info = { about: "x".repeat(10_000) };
  const client = await scene.edge().connect({ token: await sign({ sub: "ann", info }) });
  const send = (count: number) =>
    client.send(...Array.from({ length: count }, () => ({ publish: { channel, data: 1 } })));
  const ids = send(1);
  await until(() => gate.waiting === 1);
  for (let frame = 0; frame < 3; frame += 1) ids.push(...send(500));
  gate.open();
  for (const id of ids) expect((await client.reply(id)).publish).toEqual({});
  const sizes = scene.calls.map((made) => (made.method === "publish" ? JSON.stringify(made.call).length : 0));
  expect(Math.max(...sizes)).toBeLessThan(1.2 * HUB_LIMITS.callLength);
});
