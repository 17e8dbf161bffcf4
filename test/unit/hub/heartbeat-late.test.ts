import { expect, test } from "vitest";
import { stopClock } from "../../support/clock.ts";
import type { HubClient } from "../../support/hub-client.ts";
import { Gate } from "../../support/node/delivery-scene.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import { until } from "../../support/until.ts";

const PING_INTERVAL = 100;

/** Lets a session answer two pings. Returns when the next one is due: each hub has its own moment in the interval. */
async function answerPings(
  hub: TestHub,
  client: HubClient,
  clock: { advance(milliseconds: number): void },
): Promise<number> {
  await hub.pass(clock, PING_INTERVAL);
  await client.ping();
  await client.request("rpc");
  const tick = (await hub.alarm()) ?? 0;
  await hub.pass(clock, (tick - Date.now()) / 1000);
  await client.ping();
  await client.request("rpc");
  return tick + PING_INTERVAL * 1000;
}

test("BEAT-09: a ping is not left out because an alarm that was set for just before it runs late", async () => {
  const clock = stopClock();
  const hub = new TestHub({ config: { connection: { pingInterval: PING_INTERVAL } } });
  const client = await hub.connect();
  const tick = await answerPings(hub, client, clock);
  // Another alarm stands just before the next ping, as one does after each newcomer or burst of publications.
  const earlier = tick - 5;
  await hub.inside(({ storage }) => storage.setAlarm(earlier));
  clock.advance(earlier + 15 - Date.now());
  await hub.runAlarmOf(earlier);
  await client.ping();
  await client.request("rpc");
  await hub.pass(clock, PING_INTERVAL);
  await client.ping();
  expect(client.isClosed).toBe(false);
});

test.each([false, true])(
  "BEAT-02: a session whose connect took until after a ping has a whole interval (asleep in between: %s)",
  async (sleeps) => {
    const clock = stopClock();
    const gate = new Gate();
    const hub = new TestHub({
      config: {
        connection: { pingInterval: PING_INTERVAL },
        hooks: {
          connect: async ({ data }) => {
            if (data === "slow") await gate.pass();
            return { user: "ann" };
          },
        },
      },
    });
    const tick = await answerPings(hub, await hub.connect(), clock);
    await hub.pass(clock, (tick - 1_000 - Date.now()) / 1000);
    const client = await hub.open();
    const [id = 0] = client.send({ connect: { data: "slow" } });
    await until(() => gate.waiting === 1);
    await hub.pass(clock, 2);
    gate.open();
    expect((await client.reply(id)).connect).toBeDefined();
    if (sleeps) await hub.sleep();
    await hub.pass(clock, PING_INTERVAL);
    await client.ping();
    expect(client.isClosed).toBe(false);
  },
);

/** The runtime answers only the frame `{}`; these say the same, and wake the hub. */
test.each(["{}\n", "{}\n{}", "{ }"])(
  "BEAT-11: a client that answers each ping with %j stays, also when its hub sleeps in between",
  async (pong) => {
    const clock = stopClock();
    const hub = new TestHub({ config: { connection: { pingInterval: 100 } } });
    const client = await hub.connect();
    for (let count = 0; count < 3; count += 1) {
      await hub.pass(clock, 100);
      await client.ping();
      client.sendFrame(pong);
      // What is answered last comes behind everything that was sent before.
      await client.codeOf("rpc");
      await hub.sleep();
    }
    expect(client.isClosed).toBe(false);
  },
);
