import { describe, expect } from "vitest";
import { channelIn, inSeconds } from "../support/channel-gateway.ts";
import { sign } from "../support/tokens.ts";
import { useSdks } from "./support/scenario.ts";

const scenario = useSdks();

/** Seconds in which a token comes to the gateway. */
const BRIEFLY = 5;

scenario("SDK-01: a client connects with a token, and its user is known", async ({ connect }) => {
  const client = await connect({ tokens: [await sign({ sub: "ann" })] });
  expect(await client.rpc("whoami")).toEqual({ user: "ann" });
});

scenario("SDK-01: a client connects with data for the hook, and gets its answer", async ({ connect }) => {
  const client = await connect({ data: { nick: "bob" } });
  expect(await client.rpc("whoami")).toEqual({ user: "bob" });
  expect(client.all("connected")).toMatchObject([{ data: JSON.stringify({ hello: "bob" }) }]);
});

scenario("SDK-02: an expired token makes the client ask for another one", async ({ connect }) => {
  const expired = await sign({ sub: "ann", exp: inSeconds(-10) });
  const client = await connect({ tokens: [expired, await sign({ sub: "ann" })] });
  expect(client.all("token")).toHaveLength(2);
  expect(client.all("disconnected")).toEqual([]);
});

scenario(
  "SDK-07: the caller of a refused command gets its code, and the connection goes on",
  async ({ connect }) => {
    const client = await connect();
    await expect(client.publish("closed:a", 1)).rejects.toMatchObject({ code: 103 });
    await expect(client.rpc("fail")).rejects.toMatchObject({ code: 1_000 });
    await expect(client.presence("nowhere:a")).rejects.toMatchObject({ code: 102 });
    await expect(client.history("plain:a", { limit: 1 })).rejects.toMatchObject({ code: 108 });
    expect(await client.rpc("whoami")).toEqual({ user: "" });
    expect(client.all("connected")).toHaveLength(1);
  },
);

describe.concurrent("tokens that run out", () => {
  scenario(
    "SDK-02: a connection token is refreshed in time, and the connection stays",
    async ({ connect }) => {
      const brief = (times: number) => sign({ sub: "ann", exp: inSeconds(times * BRIEFLY) });
      const client = await connect({ tokens: [await brief(1), await brief(2), await brief(3)] });
      await client.until("token", 3);
      expect(await client.rpc("whoami")).toEqual({ user: "ann" });
      expect(client.all("connecting")).toHaveLength(1);
    },
  );

  scenario(
    "SDK-02: a subscription token is refreshed in time, and the subscription stays",
    async ({ connect }) => {
      const channel = channelIn("$closed");
      const brief = (times: number) => sign({ sub: "", channel, exp: inSeconds(times * BRIEFLY) });
      const client = await connect();
      await client.subscribe(channel, { tokens: [await brief(1), await brief(2), await brief(3)] });
      await client.until("token", 3, channel);
      expect(await client.rpc("whoami")).toEqual({ user: "" });
      expect(client.all("subscribing", channel)).toHaveLength(1);
      expect(client.all("unsubscribed")).toEqual([]);
      expect(client.all("error")).toEqual([]);
    },
  );
});
