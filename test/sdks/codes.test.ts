import { expect } from "vitest";
import { channelIn } from "../support/channel-gateway.ts";
import { sign } from "../support/tokens.ts";
import { useSdks } from "./support/scenario.ts";

const scenario = useSdks({ connection: { allowAnonymous: false } });
const BOB = { data: { nick: "bob" } };

scenario("SDK-06: a token that is none ends the client", async ({ open }) => {
  const client = await open({ tokens: ["x"] });
  expect(await client.until("disconnected")).toMatchObject({ code: 3500, reason: "invalid token" });
  expect(client.all("connecting")).toHaveLength(1);
});

scenario("SDK-06: a client without credentials ends", async ({ open }) => {
  const client = await open();
  expect(await client.until("disconnected")).toMatchObject({ code: 3501, reason: "bad request" });
});

scenario("SDK-06: a subscription token for somebody else ends the client", async ({ connect }) => {
  const channel = channelIn("$closed");
  const client = await connect(BOB);
  await client.follow(channel, { tokens: [await sign({ sub: "eve", channel })] });
  expect(await client.until("disconnected")).toMatchObject({ code: 3500, reason: "invalid token" });
});

scenario("SDK-06: a client that a hook closes with a terminal code ends", async ({ connect }) => {
  const client = await connect(BOB);
  const closing = client.rpc("close", { close: { code: 4500, reason: "banned" } });
  await expect(closing).rejects.toThrow();
  expect(await client.until("disconnected")).toMatchObject({ code: 4500, reason: "banned" });
  expect(client.all("connecting")).toHaveLength(1);
});

scenario("SDK-06: a client that a hook closes with another code comes back", async ({ connect }) => {
  const client = await connect(BOB);
  const closing = client.rpc("close", { close: { code: 4000, reason: "try again" } });
  await expect(closing).rejects.toThrow();
  await client.untilConnected(2);
  expect(client.all("connecting")[1]).toMatchObject({ code: 4000, reason: "try again" });
  expect(client.all("disconnected")).toEqual([]);
});
