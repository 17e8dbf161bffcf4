import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findFreePort } from "../support/gateway.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";
import { DIGITS, Listener, Publisher, type Way } from "./load.ts";

const CONFIG = "test/objects/chaos/gateway/wrangler.toml";
const KILLS = Number(process.env.CHAOS_KILLS ?? 10);
const LISTENERS = 9;
const PUBLISHERS = 4;
const INTERVAL_MS = 10;
/** Publications that are acknowledged between two kills. */
const BETWEEN = 100;
/** Some come back at once, others when much has happened meanwhile. */
const RECONNECT_MS = [20, 250, 100];
const CHANNEL = "kept:42";

let persistTo: string;
let port: number;
let gateway: Workerd | undefined;

const start = async () => {
  gateway = await startWorkerd({ configPath: CONFIG, persistTo, port, vars: { ENVIRONMENT: "development" } });
};

beforeAll(async () => {
  persistTo = await mkdtemp(join(tmpdir(), "poorwill-chaos-"));
  port = await findFreePort();
  await start();
});

afterAll(async () => {
  await gateway?.stop();
  await rm(persistTo, { recursive: true, force: true });
});

test(`CHAOS-02 HTTP-14: the runtime is killed ${KILLS} times under load, nothing acknowledged is lost or comes twice, and every digit is kept`, {
  timeout: 600_000,
}, async () => {
  const host = `127.0.0.1:${port}`;
  // A third of them is on a socket that speaks Protobuf, and a third on a stream over HTTP, in one codec or the other.
  const way = (index: number, isHome: boolean): Way => ({
    transport: index % 3 === 2 ? "http_stream" : "websocket",
    encoding: index % 3 === 1 || index % 6 === 5 ? "protobuf" : "json",
    host,
    ...(isHome && { home: CHANNEL }),
  });
  const listeners = Array.from(
    { length: LISTENERS },
    (_, index) =>
      new Listener(way(index, index < 3), CHANNEL, RECONNECT_MS[index % RECONNECT_MS.length] ?? 0),
  );
  for (const listener of listeners) await listener.start();
  const publishers = Array.from(
    { length: PUBLISHERS },
    (_, index) => new Publisher(`publisher ${index}`, way(index, index % 2 === 0)),
  );
  const running = publishers.map((publisher) => publisher.run(CHANNEL, INTERVAL_MS));
  const acknowledged = () => publishers.flatMap((publisher) => publisher.acknowledged);

  for (let kill = 1; kill <= KILLS; kill += 1) {
    await expect.poll(() => acknowledged().length, { interval: 1 }).toBeGreaterThan(kill * BETWEEN);
    await gateway?.kill();
    await start();
  }
  await expect.poll(() => acknowledged().length).toBeGreaterThan((KILLS + 1) * BETWEEN);
  for (const publisher of publishers) publisher.stop();
  await Promise.all(running);

  const [witness] = listeners;
  const stored = (await witness?.history()) ?? [];
  for (const listener of listeners) {
    await expect.poll(() => listener.offset).toBe(stored.length);
  }
  const there = new Set(stored);
  const lost = acknowledged().filter((text) => !there.has(text));
  const repeated = listeners.reduce((sum, { texts }) => sum + texts.length - new Set(texts).size, 0);
  console.log(
    JSON.stringify({
      kills: KILLS,
      published: publishers.reduce((sum, { published }) => sum + published, 0),
      acknowledged: acknowledged().length,
      stored: stored.length,
      delivered: listeners.reduce((sum, { texts }) => sum + texts.length, 0),
      interruptions: listeners.reduce((sum, { interruptions }) => sum + interruptions, 0),
      lost: lost.length,
      repeated,
    }),
  );
  expect(lost).toEqual([]);
  expect(there.size).toBe(stored.length);
  for (const listener of listeners) {
    expect(listener.outOfTurn).toEqual([]);
    expect(listener.unrecovered).toBe(0);
    expect(listener.texts).toEqual(stored);
    listener.stop();
  }
  const payloads = listeners.map((listener) => listener.payloads).filter(({ size }) => size > 0);
  expect(payloads.length).toBe(7);
  for (const each of payloads) {
    expect(each).toEqual(payloads[0]);
    expect([...each].some((payload) => payload.endsWith(`,${DIGITS}]`))).toBe(true);
  }
});
