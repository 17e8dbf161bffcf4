import { describe, expect } from "vitest";
import { channelIn } from "../support/channel-gateway.ts";
import { pause } from "../support/until.ts";
import type { Speaker } from "./sdks.ts";
import { useSdks } from "./support/scenario.ts";

/** Seconds between two pings, and after which a client gives a late one up. */
const [INTERVAL, DELAY] = [2, 8];

/** Over HTTP, clients answer no pings. */
const answersPings = ({ protocol }: Speaker) => protocol.transport === "websocket";

const scenario = useSdks({ connection: { pingInterval: INTERVAL, protobufPong: true } });

describe.concurrent("pings", () => {
  scenario("SDK-08: a quiet client is pinged and stays", async ({ connect }) => {
    const client = await connect({ maxPingDelay: DELAY * 1_000 });
    await pause((INTERVAL + DELAY + 2) * 1_000);
    expect(client.all("connecting")).toHaveLength(1);
  });

  scenario("SDK-08: a client that hears no pings comes back", async ({ connect }) => {
    const client = await connect({ maxPingDelay: 1 });
    await client.relay.whileHeld("to the client", async () => {
      expect(await client.until("connecting", 2)).toMatchObject({ code: 2, reason: "no ping" });
    });
    await client.untilConnected(2);
  });

  scenario(
    "SDK-08: a client whose answers are lost is closed with 3012, and comes back",
    async ({ connect }) => {
      const channel = channelIn("keep");
      const [watcher, client] = [await connect(), await connect()];
      await watcher.subscribe(channel, { joinLeave: true });
      await client.subscribe(channel);
      await client.relay.whileHeld("to the gateway", () => watcher.until("leave", 1, channel));
      expect(await client.until("connecting", 2)).toMatchObject({ code: 3012, reason: "no pong" });
      await client.untilConnected(2);
    },
    answersPings,
  );
});
