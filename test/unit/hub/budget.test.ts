import { describe, expect, test } from "vitest";
import { DISCONNECTS, ERRORS } from "../../../src/shared/codes.ts";
import { REPORT_LIMITS } from "../../../src/shared/limits.ts";
import { stopClock } from "../../support/clock.ts";
import { configureHub, reportTo, sign } from "../../support/hub-config.ts";
import { captureErrors, captureLines } from "../../support/log.ts";
import { NodeDirectory } from "../../support/node/directory.ts";
import { TestHub } from "../../support/node/test-hub.ts";

/** Milliseconds from one step of a storm to the next: the hub reports in between. */
const STEP = 10_000;
const UNTIL_MIDNIGHT = 86_400_000;

/** A hub that reports to a directory with a budget, and the homes of channels of the same test. */
function gatewayWith(dollarsPerDay: number, onExceeded: "log" | "shed" = "shed") {
  const clock = stopClock(UNTIL_MIDNIGHT - (Date.now() % UNTIL_MIDNIGHT));
  captureLines();
  const directory = new NodeDirectory({ dollarsPerDay, onExceeded });
  const area = `${crypto.randomUUID()}`;
  const config = { operations: { directory: true } };
  const hub = new TestHub({ name: `edge/${area}/0`, config });
  reportTo(hub.name, directory);
  const homes: TestHub[] = [];
  const newChannel = () => {
    const channel = `keep:${area}-${homes.length}`;
    const name = `home/${channel}`;
    configureHub(name, config);
    homes.push(new TestHub({ name }));
    return channel;
  };
  reportTo(`home/keep:${area}`, directory);
  return { clock, directory, hub, homes, newChannel };
}

type Gateway = ReturnType<typeof gatewayWith>;

/** Lets a step pass: whatever hub has something due does it. */
async function step({ clock, hub }: Gateway, ...homes: TestHub[]): Promise<void> {
  const end = Date.now() + STEP;
  for (const each of [hub, ...homes]) {
    const due = await each.alarm();
    if (due === null || due > end) continue;
    if (due > Date.now()) clock.advance(due - Date.now());
    await each.runAlarmOf(due);
  }
  clock.advance(Math.max(0, end - Date.now()));
}

async function connectAs(hub: TestHub, user: string) {
  return hub.connect({ token: await sign({ sub: user }) });
}

/** What becomes of a newcomer without a token. */
async function knock(hub: TestHub): Promise<"in" | "refused" | number> {
  const client = await hub.open().catch(() => undefined);
  if (client === undefined) return "refused";
  client.send({ connect: {} });
  await hub.inside(() => undefined);
  if (!client.isClosed) {
    await client.close();
    return "in";
  }
  return (await client.closed).code;
}

describe("as spending passes levels", () => {
  test("BUDGET-03: newcomers without a user are refused first, then all, then new channels; who is there stays and publishes", async () => {
    // A step of one awake hub costs about 0.000016 dollars.
    const gateway = gatewayWith(0.000_1);
    const { hub, directory, newChannel } = gateway;
    const channel = newChannel();
    const ann = await connectAs(hub, "ann");
    await ann.subscribe(channel);
    const seen: string[] = [];
    for (let count = 0; count < 12; count += 1) {
      await ann.publish(channel, count);
      const withToken = await connectAs(hub, "bob").then(
        (client) => client.close().then(() => "in"),
        () => "refused",
      );
      const forChannel = await ann.codeOf("subscribe", { channel: newChannel() });
      seen.push(`${await knock(hub)} ${withToken} ${forChannel ?? "in"}`);
      await step(gateway, ...gateway.homes.slice(0, 1));
    }
    const order = [...new Set(seen)];
    expect(order[0]).toBe("in in in");
    expect(order.at(-1)).toBe(`refused refused ${ERRORS.budgetExceeded.code}`);
    expect(order).toEqual(
      [
        "in in in",
        `${DISCONNECTS.budgetExceeded.code} in in`,
        "refused refused in",
        `refused refused ${ERRORS.budgetExceeded.code}`,
      ].filter((each) => order.includes(each)),
    );
    // The publications of who is connected were all taken.
    expect((await ann.history(channel)).offset).toBe(12);
    expect(ann.isClosed).toBe(false);
    expect(directory.spent).toBeGreaterThan(0.000_12);
  });

  test("BUDGET-05: a directory that fails, or that knows no budget, sheds nothing", async () => {
    const gateway = gatewayWith(0.000_01);
    captureErrors();
    const { hub, directory } = gateway;
    await connectAs(hub, "ann");
    for (let count = 0; count < 3; count += 1) await step(gateway);
    expect(await knock(hub)).not.toBe("in");
    for (const instead of [
      () => undefined,
      () => {
        throw new Error("simulated: the directory fails");
      },
    ]) {
      directory.instead = instead;
      await step(gateway);
      expect(await knock(hub)).toBe("in");
      directory.instead = undefined;
      await step(gateway);
      expect(await knock(hub)).not.toBe("in");
    }
  });

  test("BUDGET-05: a hub learns with its report, and forgets with the day", async () => {
    const gateway = gatewayWith(0.000_01);
    const { hub, clock } = gateway;
    expect(REPORT_LIMITS.delay).toBeLessThan(STEP);
    await connectAs(hub, "ann");
    expect(await knock(hub)).toBe("in");
    for (let count = 0; count < 3; count += 1) await step(gateway);
    expect(await knock(hub)).not.toBe("in");
    clock.advance(UNTIL_MIDNIGHT - (Date.now() % UNTIL_MIDNIGHT));
    expect(await knock(hub)).toBe("in");
  });
});

describe("what a day costs, before and after", () => {
  const STEPS = 40;

  /** Newcomers without a user, five in each step, who publish 20 times and leave. */
  async function storm(onExceeded: "log" | "shed") {
    const gateway = gatewayWith(0.003, onExceeded);
    const { hub, directory, newChannel } = gateway;
    const channel = newChannel();
    const ann = await connectAs(hub, "ann");
    await ann.subscribe(channel);
    let published = 0;
    let last = 0;
    for (let count = 0; count < STEPS; count += 1) {
      for (let newcomer = 0; newcomer < 5; newcomer += 1) {
        const bot = await hub.open().catch(() => undefined);
        if (bot === undefined) continue;
        bot.send({ connect: {} });
        await hub.inside(() => undefined);
        if (bot.isClosed) continue;
        for (let number = 0; number < 20; number += 1) await bot.publish(channel, number);
        await bot.close();
        published += 20;
        last = directory.spent;
      }
      await step(gateway, ...gateway.homes);
    }
    await ann.publish(channel, "still here");
    return { published, last, spent: directory.spent };
  }

  test("BUDGET-07: a storm of publications by newcomers ends at its budget, and who was there goes on", async () => {
    const before = await storm("log");
    const after = await storm("shed");
    expect(before.published).toBe(STEPS * 5 * 20);
    expect(after.published).toBeLessThan(before.published / 2);
    // Late by one report.
    expect(after.last).toBeLessThan(0.003 * 1.3);
  });

  /** One who is connected asks for five made-up names in each step. */
  async function flood(onExceeded: "log" | "shed") {
    const gateway = gatewayWith(0.001, onExceeded);
    const { hub, directory, newChannel, homes } = gateway;
    const bot = await hub.connect();
    let woken = 0;
    let last = 0;
    for (let count = 0; count < STEPS; count += 1) {
      const first = homes.length;
      for (let name = 0; name < 5; name += 1) {
        const channel = newChannel();
        const code = await bot.codeOf("subscribe", { channel });
        if (code !== undefined) {
          expect(code).toBe(ERRORS.budgetExceeded.code);
          continue;
        }
        await bot.unsubscribe(channel);
        woken += 1;
        last = directory.spent;
      }
      await step(gateway, ...homes.slice(first));
    }
    return { woken, last, spent: directory.spent };
  }

  test("BUDGET-07: a flood of made-up names wakes no more homes once new channels are refused", async () => {
    const before = await flood("log");
    const after = await flood("shed");
    expect(before.woken).toBe(STEPS * 5);
    expect(after.woken).toBeLessThan(before.woken / 2);
    expect(after.last).toBeLessThan(0.001 * 1.4);
  });
});
