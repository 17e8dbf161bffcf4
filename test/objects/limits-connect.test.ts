import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { DEFAULT_CONNECTION } from "../../src/config/connection.ts";
import { WORKER_LIMITS } from "../../src/shared/limits.ts";
import { sign } from "../support/hub-config.ts";
import { accept, handshake } from "./client.ts";
import { TestHub } from "./test-hub.ts";

const binding = () => {
  if (env.CONNECT_RATE === undefined) throw new Error("CONNECT_RATE is not bound");
  return env.CONNECT_RATE;
};

/** Uses up what an address may do, as so many connections would. */
async function exhaust(key: string): Promise<number> {
  let count = 0;
  while ((await binding().limit({ key })).success) count += 1;
  return count;
}

/** What an attempt gives during which no new minute, in which everybody may connect again, has begun. */
async function withinOneMinute<Result>(attempt: (number: number) => Promise<Result>): Promise<Result> {
  const minute = () => Math.floor(Date.now() / 60_000);
  for (let number = 0; ; number += 1) {
    const before = minute();
    const result = await attempt(number);
    if (minute() === before) return result;
  }
}

test.each(["/ws", "/rooms/echo/a", "/connection/websocket"])(
  "ABUSE-07: one connection to %s too many from an address is refused with 429",
  async (path) => {
    const { count, refusal } = await withinOneMinute(async (number) => {
      const address = `192.0.${number}.${path.length}`;
      return {
        count: await exhaust(address),
        refusal: await handshake(path, { "CF-Connecting-IP": address }),
      };
    });
    expect(count).toBe(WORKER_LIMITS.connectionsPerMinute);
    expect([refusal.status, refusal.headers.get("Retry-After")]).toEqual([
      429,
      String(WORKER_LIMITS.retryAfter),
    ]);
    expect(await refusal.json()).toMatchObject({ error: { code: "too_many_connections" } });
    const other = await handshake(path, { "CF-Connecting-IP": "198.51.100.1" });
    expect(other.status).toBe(101);
    await accept(other).close(1000);
  },
);

test("ABUSE-07: the addresses of one household are counted together", async () => {
  const { status } = await withinOneMinute(async (number) => {
    await exhaust(`2001:db8:${number}:7::/64`);
    return handshake("/ws", { "CF-Connecting-IP": `2001:db8:${number}:7::1` });
  });
  expect(status).toBe(429);
  const neighbour = await handshake("/ws", { "CF-Connecting-IP": "2001:db8:0:8::1" });
  expect(neighbour.status).toBe(101);
  await accept(neighbour).close(1000);
});

test("SESS-18: by default a user has at most 1,000 connections on one hub", async () => {
  expect(DEFAULT_CONNECTION.userConnectionLimit).toBe(1_000);
});

test("SESS-18: one connection of a user too many is closed with 3504, another user's is not", async () => {
  const hub = new TestHub({ config: { connection: { userConnectionLimit: 2 } } });
  const token = await sign({ sub: "ann" });
  await hub.connect({ token });
  await hub.connect({ token });
  const late = await hub.open();
  late.send({ connect: { token } });
  expect(await late.closed).toEqual({ code: 3504, reason: "connection limit" });
  expect((await hub.connected({ token: await sign({ sub: "bob" }) })).connect.client).toBeDefined();
});
