import { describe, expect, test } from "vitest";
import { stopClock } from "./clock.ts";
import { inSeconds, sign } from "./hub-config.ts";
import type { HubUnderTest, scenarios, TestHubSettings } from "./hub-under-test.ts";
import { epochOf, offsets, publishMany, recover } from "./recovering.ts";

/**
 * One of each kind of what a hub does, for every platform that it runs on: what holds of the hubs in plain Node, where most
 * is tested, holds of the objects inside the runtime.
 */
export function testPlatform<Hub extends HubUnderTest>(
  newHub: (settings: TestHubSettings) => Hub,
  scenario: ReturnType<typeof scenarios<Hub>>,
): void {
  describe("a hub on its platform", () => {
    scenario(
      "SESS-38 SESS-46: what is published reaches who is there, and who comes back, once and in order",
      { namespace: "keep" },
      async ({ hub, channel }) => {
        const [reader, writer] = [await hub.connect(), await hub.connect()];
        const { epoch = "" } = await reader.subscribe(channel);
        await publishMany(writer, channel, 2);
        for (const offset of [1, 2]) expect(await reader.publication(channel)).toMatchObject({ offset });
        expect(await reader.close(1000, "bye")).toEqual({ code: 1000, reason: "bye" });
        await writer.publish(channel, 3);
        await hub.rest();
        const back = await hub.connect();
        const { subscribe = {} } = await recover(back, channel, 1, epoch);
        expect([subscribe.recovered, offsets(subscribe)]).toEqual([true, [2, 3]]);
        await writer.publish(channel, 4);
        expect(await back.publication(channel)).toMatchObject({ data: 4, offset: 4 });
        expect(back.unread).toEqual([]);
      },
    );

    scenario(
      "SESS-35 DELIV-25: who comes and goes is announced, and who is there is present",
      { namespace: "open" },
      async ({ hub, channel }) => {
        const watcher = await hub.connect();
        await watcher.subscribe(channel, { join_leave: true });
        await watcher.push("join");
        const guest = await hub.connect({ token: await sign({ sub: "ann" }) });
        await guest.subscribe(channel);
        expect(await watcher.push("join")).toMatchObject({ join: { info: { user: "ann" } } });
        expect(await watcher.ask("presence_stats", { channel })).toEqual({ num_clients: 2, num_users: 2 });
        await guest.close(1000, "bye");
        expect(await watcher.push("leave")).toMatchObject({ leave: { info: { user: "ann" } } });
        expect(await watcher.ask("presence_stats", { channel })).toEqual({ num_clients: 1, num_users: 1 });
      },
    );

    scenario(
      "CHAN-08 SESS-28: what is not allowed is answered, what is wrong closes",
      { namespace: "closed" },
      async ({ hub, channel }) => {
        const client = await hub.connect();
        expect(await client.codeOf("subscribe", { channel })).toBe(103);
        expect(await client.codeOf("publish", { channel, data: 1 })).toBe(103);
        await hub.rest();
        client.send({ subscribe: { channel: "" } });
        expect(await client.closed).toEqual({ code: 3501, reason: "bad request" });
        await hub.untilEmpty();
      },
    );

    test.each([false, true])(
      "SESS-22 SESS-24: a connection lives as long as it is refreshed, which the alarm sees to (asleep in between: %s)",
      async (isSleepy) => {
        const clock = stopClock();
        const hub = newHub({ isSleepy });
        const token = () => sign({ sub: "ann", exp: inSeconds(60) });
        const client = await hub.connect({ token: await token() });
        await hub.pass(clock, 50);
        await client.ask("refresh", { token: await token() });
        await hub.pass(clock, 80);
        expect(client.isClosed).toBe(false);
        await hub.pass(clock, 6);
        expect(await client.closed).toEqual({ code: 3005, reason: "connection expired" });
      },
    );

    test("DELIV-18: what a hub has acknowledged outlives its reset, its connections do not", async () => {
      const channel = `keep:${crypto.randomUUID()}`;
      const hub = newHub({ name: `home/${channel}` });
      const client = await hub.connect();
      await publishMany(client, channel, 3);
      const epoch = await epochOf(client, channel);
      await hub.crash();
      await client.closed;
      const { subscribe = {} } = await recover(await hub.connect(), channel, 1, epoch);
      expect([subscribe.recovered, offsets(subscribe)]).toEqual([true, [2, 3]]);
      expect(await hub.sockets()).toBe(1);
    });
  });
}
