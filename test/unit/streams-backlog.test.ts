import { expect, test } from "vitest";
import { DEFAULT_OPTIONS } from "../../src/channels/option-schema.ts";
import type { HubRpc } from "../../src/hub-rpc/hub-rpc.ts";
import type { DeliverCall, DeliveryAnswer } from "../../src/hub-rpc/messages.ts";
import { HUB_LIMITS } from "../../src/shared/limits.ts";
import { Backlog } from "../../src/streams/backlog.ts";
import { Deliveries, type HubOfDeliveries } from "../../src/streams/deliveries.ts";
import { HomeChannel, newFollower } from "../../src/streams/home-channel.ts";

const CHANNELS = 40;
const MB = 1_000_000;
const TEXT = "x".repeat(MB);

test("HUB-53: what is stored of all channels is forgotten once it is too much together, not by itself", () => {
  const channels = new Map<string, HomeChannel>();
  const backlog = new Backlog(channels);
  let most = 0;
  for (let number = 0; number < CHANNELS; number += 1) {
    const channel = new HomeChannel(`kept:${number}`, DEFAULT_OPTIONS);
    channels.set(channel.name, channel);
    for (let first = 1; first <= 3; first += 1) backlog.remember(channel, { first, publications: [TEXT] });
    const length = [...channels.values()].reduce((sum, { recent }) => sum + recent.length, 0);
    most = Math.max(most, length);
  }
  expect(most).toBeGreaterThan(HUB_LIMITS.allBacklogsLength - 4 * MB);
  expect(most).toBeLessThanOrEqual(HUB_LIMITS.allBacklogsLength);
});

test("HUB-53: what has no offset is dropped beyond the bound, for the hub that does not answer, until it does", async () => {
  const { channels, delivered, publish, open, queuedFor } = scene(["edge/stuck"]);
  for (let round = 0; round < 3; round += 1) for (const channel of channels) publish(channel);
  const most = queuedFor("edge/stuck");
  expect(most).toBeLessThanOrEqual(HUB_LIMITS.allBacklogsLength + MB);
  expect(most).toBeGreaterThan(HUB_LIMITS.allBacklogsLength - MB);
  open();
  await settled();
  expect(queuedFor("edge/stuck")).toBe(0);
  const before = delivered.length;
  for (const channel of channels.slice(0, 10)) publish(channel);
  await settled();
  expect(delivered.length).toBe(before + 10);
});

test("HUB-53: a hub that answers loses nothing while another one does not", async () => {
  const { channels, publish, queuedFor, received } = scene(["edge/stuck", "edge/well"]);
  for (let round = 0; round < 3; round += 1) {
    for (const channel of channels) {
      publish(channel);
      await settled();
    }
  }
  expect(received("edge/well")).toBe(3 * CHANNELS);
  expect(queuedFor("edge/stuck")).toBeLessThanOrEqual(HUB_LIMITS.allBacklogsLength + MB);
});

test("HUB-53: what several hubs wait for is counted once", () => {
  const { channels, publish, queuedFor } = scene(["edge/stuck", "edge/stuck too", "edge/stuck as well"]);
  for (let round = 0; round < 3; round += 1) for (const channel of channels.slice(0, 10)) publish(channel);
  expect(
    queuedFor("edge/stuck") + queuedFor("edge/stuck too") + queuedFor("edge/stuck as well"),
  ).toBeGreaterThan(2 * HUB_LIMITS.allBacklogsLength);
});

/** Channels without history, and hubs that follow them: those that are stuck do not answer until they are told to. */
function scene(followers: readonly string[]) {
  const channels = Array.from(
    { length: CHANNELS },
    (_, number) => new HomeChannel(`plain:${number}`, DEFAULT_OPTIONS),
  );
  for (const channel of channels) for (const hub of followers) channel.setFollower(hub, newFollower(1, 0, 0));
  const backlog = new Backlog(new Map(channels.map((channel) => [channel.name, channel])));
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const delivered: string[] = [];
  const deliverTo =
    (hub: string) =>
    async (call: DeliverCall): Promise<DeliveryAnswer[]> => {
      if (hub.startsWith("edge/stuck")) await opened;
      for (const { unnumbered } of call.deliveries) for (const _ of unnumbered) delivered.push(hub);
      return call.deliveries.map(({ channel, generation }) => ({
        channel,
        generation,
        nobody: false,
        offset: undefined,
      }));
    };
  const hub: Partial<HubOfDeliveries> = {
    name: "home",
    stubOf: (name) => ({ deliver: deliverTo(name) }) as unknown as HubRpc,
  };
  const deliveries = new Deliveries(hub as HubOfDeliveries);
  const publish = (channel: HomeChannel) => {
    const unnumbered = [{ after: 0, publication: TEXT }];
    deliveries.queue(
      { channel, run: { first: 1, publications: [] }, unnumbered, joinLeave: [], pending: [] },
      backlog,
    );
    deliveries.send();
  };
  const queuedFor = (name: string) =>
    channels.reduce((sum, { followers }) => sum + (followers.get(name)?.queuedLength ?? 0), 0);
  const received = (name: string) => delivered.filter((hub) => hub === name).length;
  return { channels, delivered, publish, open, queuedFor, received };
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}
