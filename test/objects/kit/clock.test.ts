import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { advance, connectRoom, sleep } from "../../../src/package/testing.ts";
import { captureErrors } from "../../support/log.ts";
import { TestRoom } from "../test-room.ts";

const MINUTE = 60_000;

test("KIT-05: alarms that fall due run in their order, each at its time and with what it begins", async () => {
  const told: string[] = [];
  await advance(0);
  const began = Date.now();
  const every = (name: string, interval: number) =>
    new TestRoom({
      open: (_ws, room) => room.setAlarm(Date.now() + interval),
      message() {},
      async alarm(room) {
        await scheduler.wait(1);
        told.push(`${name} ${(Date.now() - began) / MINUTE}`);
        room.setAlarm(Date.now() + interval);
      },
    });
  await connectRoom(every("slow", 2.5 * MINUTE).path);
  await connectRoom(every("fast", MINUTE).path);
  await sleep();
  expect(await advance(MINUTE - 1)).toBe(0);
  expect(told).toEqual([]);
  expect(await advance(4 * MINUTE + 1)).toBe(7);
  expect(told).toEqual(["fast 1", "fast 2", "slow 2.5", "fast 3", "fast 4", "slow 5", "fast 5"]);
  expect(Date.now()).toBe(began + 5 * MINUTE);
});

test("KIT-05: ticks and idle timeouts come with it", async () => {
  const room = new TestRoom({
    tickInterval: MINUTE,
    idleTimeout: 150,
    tick: ({ sockets }) => [...sockets].forEach((ws) => void ws.send("tick")),
    message() {},
  });
  const client = await connectRoom(room.path);
  await advance(3 * MINUTE + MINUTE);
  expect(await client.take(2)).toEqual(["tick", "tick"]);
  expect((await client.closed).code).toBe(1001);
});

test("KIT-05: the clock goes on by itself again after the test that moved it", () => {
  expect(Math.abs(Date.now() - performance.timeOrigin - performance.now())).toBeLessThan(MINUTE);
});

test("KIT-05: an alarm of a room that fails is tried again, as the room does", async () => {
  const log = captureErrors();
  let calls = 0;
  const room = new TestRoom({
    open: (_ws, context) => context.setAlarm(Date.now() + MINUTE),
    message() {},
    alarm() {
      calls += 1;
      if (calls === 1) throw new Error("not yet");
    },
  });
  await connectRoom(room.path);
  await advance(2 * MINUTE);
  expect(calls).toBe(2);
  expect(log()).toHaveLength(1);
});

test("KIT-05: an alarm that sets itself again without end is an error", async () => {
  const room = new TestRoom({
    open: (_ws, context) => context.setAlarm(Date.now() + MINUTE),
    message() {},
    alarm: (context) => context.setAlarm(Date.now()),
  });
  await connectRoom(room.path);
  await expect(advance(MINUTE)).rejects.toThrow("sets itself again without end");
});

test("KIT-05: what earlier tests have left behind stays as it is", async () => {
  expect(await advance(MINUTE)).toBe(0);
});

test("KIT-05: objects of another Worker, whose alarms nobody here can see, are left alone", async () => {
  const { ELSEWHERE } = env as unknown as { readonly ELSEWHERE: DurableObjectNamespace };
  const answer = await ELSEWHERE.getByName("far away").fetch("https://elsewhere.test");
  expect(await answer.text()).toBe("far away");
  expect(await advance(MINUTE)).toBe(0);
});
