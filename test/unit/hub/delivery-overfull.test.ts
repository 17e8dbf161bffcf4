import { describe, expect, test } from "vitest";
import { HUB_LIMITS } from "../../../src/shared/limits.ts";
import type { HubClient } from "../../support/hub-client.ts";
import { sign } from "../../support/hub-config.ts";
import { captureErrors } from "../../support/log.ts";
import { dataOf, Gate, Scene } from "../../support/node/delivery-scene.ts";
import type { TestHub } from "../../support/node/test-hub.ts";
import { until } from "../../support/until.ts";

const DATA = "x".repeat(60_000);

describe("more comes than a hub can hold while it opens the way into a channel", () => {
  test("DELIV-34: a subscribe is error 100, and the next one succeeds", async () => {
    const { late, channel, home, begun } = await overfill(async (edge, channel, position) => {
      const client = await edge.connect();
      const [id = 0] = client.send({ subscribe: { channel, ...position } });
      return { late: client, begun: id };
    });
    expect((await late.reply(begun)).error?.code).toBe(100);
    await late.subscribe(channel);
    await (await home.connect()).publish(channel, "live");
    expect(await dataOf(late, channel, 1)).toEqual(["live"]);
  });

  test("DELIV-34: a connect with a server-side subscription closes with 3010, so that the client comes back", async () => {
    const { late } = await overfill(async (edge, channel, position) => {
      const client = await edge.open();
      const token = await sign({ sub: "ann", channels: [channel] });
      const [id = 0] = client.send({ connect: { token, subs: { [channel]: position } } });
      return { late: client, begun: id };
    });
    expect((await late.closed).code).toBe(3010);
  });
});

/** Each subscribe misses less than is held, but at any moment one of them is under way. */
test("DELIV-35: subscribes that overlap without end are let in, as none of them misses much", async () => {
  captureErrors();
  const scene = new Scene("large", 1);
  const { channel, home } = scene;
  const [reader, writer] = [await scene.edge().connect(), await home.connect()];
  const { epoch } = await reader.subscribe(channel);
  const half = Math.ceil((HUB_LIMITS.backlogLength * 0.6) / DATA.length);
  const publish = async () => {
    for (let count = 0; count < half; count += 1) await writer.publish(channel, DATA);
    await dataOf(reader, channel, half);
  };
  let offset = 0;
  const begin = async (): Promise<{ client: HubClient; id: number; gate: Gate }> => {
    const gate = new Gate();
    scene.befall("follow", gate.after, 1);
    const client = await scene.edge().connect();
    const [id = 0] = client.send({ subscribe: { channel, recover: true, epoch, offset } });
    // It is asked for now, and its call goes out when the one before has ended.
    await scene.edge().inside(() => {});
    return { client, id, gate };
  };
  let running = await begin();
  const codes: (number | undefined)[] = [];
  for (let round = 0; round < 3; round += 1) {
    await until(() => running.gate.waiting === 1);
    await publish();
    offset += half;
    const next = await begin();
    running.gate.open();
    codes.push((await running.client.reply(running.id)).error?.code);
    running = next;
  }
  running.gate.open();
  expect(codes).toEqual([undefined, undefined, undefined]);
});

/** Publishes more than is held to a channel that somebody reads, while somebody else is about to recover it. */
async function overfill(
  begin: (edge: TestHub, channel: string, position: object) => Promise<{ late: HubClient; begun: number }>,
) {
  captureErrors();
  const scene = new Scene("large", 1);
  const { channel, home } = scene;
  const [reader, writer] = [await scene.edge().connect(), await home.connect()];
  const { epoch } = await reader.subscribe(channel);
  const gate = new Gate();
  scene.befall("follow", gate.after, 1);
  const begun = await begin(scene.edge(), channel, { recover: true, epoch, offset: 0 });
  await until(() => gate.waiting === 1);
  const count = Math.ceil(HUB_LIMITS.backlogLength / DATA.length) + 1;
  for (let published = 0; published < count; published += 1) await writer.publish(channel, DATA);
  await dataOf(reader, channel, count);
  gate.open();
  return { ...begun, channel, home };
}
