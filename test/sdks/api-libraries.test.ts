import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { ChannelClient } from "../support/channel-client.ts";
import { bytes, sign } from "../support/tokens.ts";
import { until } from "../support/until.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";
import { LIBRARIES } from "./sdks.ts";
import { Program } from "./support/program.ts";

const KEY = "the key of the libraries";
const SECRET = "the token secret of the test, long";

let gateway: Workerd;
const clients: ChannelClient[] = [];

beforeAll(async () => {
  gateway = await startWorkerd({
    configPath: "test/objects/directory-worker/wrangler.toml",
    vars: { ENVIRONMENT: "development", API_KEY: KEY, TOKEN_HMAC_SECRET: SECRET },
  });
});
afterEach(() => {
  for (const { centrifuge } of clients.splice(0)) centrifuge.disconnect();
});
afterAll(() => gateway.stop());

const newChannel = () => `public:${crypto.randomUUID()}`;

/** A connected client of a user of its own. */
async function connect() {
  const user = crypto.randomUUID();
  const token = await sign({ sub: user }, bytes(SECRET));
  const client = new ChannelClient(`${gateway.url.replace("http", "ws")}/connection/websocket`, { token });
  clients.push(client);
  await client.connect();
  return { user, client };
}

describe.each(LIBRARIES)("SDK-20: $name works unchanged", ({ run, toolchain, keepsDigits }) => {
  const libraryTest = test.runIf(inject("toolchains").includes(toolchain));
  let program: Program | undefined;
  const call = (what: string, args: object, key = KEY) => {
    program ??= new Program(run);
    return program.request(what, "", { url: `${gateway.url}/api`, key, ...args });
  };
  const publish = (channel: string, data: string) => call("publish", { channel, data });

  afterAll(() => program?.stop());

  libraryTest("it publishes and broadcasts to clients", async () => {
    const [channel, other] = [newChannel(), newChannel()];
    const { client } = await connect();
    const [feed, otherFeed] = [await client.subscribe(channel), await client.subscribe(other)];
    expect(await publish(channel, '{"text":"é"}')).toEqual({ offset: 1, epoch: expect.any(String) });
    expect(await call("broadcast", { channels: [channel, other], data: '"all"' })).toEqual([
      { offset: 2, epoch: expect.any(String) },
      { offset: 1, epoch: expect.any(String) },
    ]);
    await until(() => feed.data.length === 2 && otherFeed.data.length === 1, "the publications");
    expect(feed.data).toEqual([{ text: "é" }, "all"]);
  });

  libraryTest("it reads and removes history", async () => {
    const channel = newChannel();
    const text = keepsDigits ? '{"n":12345678901234567890}' : '{"n":1}';
    await publish(channel, text);
    expect(await call("history", { channel, limit: 10 })).toEqual({
      publications: [{ offset: 1, data: text }],
      offset: 1,
      epoch: expect.any(String),
    });
    await call("historyRemove", { channel });
    expect(await call("history", { channel, limit: 10 })).toMatchObject({ publications: [], offset: 1 });
  });

  libraryTest("it asks who is there", async () => {
    const channel = newChannel();
    const { user, client } = await connect();
    await client.subscribe(channel);
    expect(await call("presence", { channel })).toEqual([{ id: client.id, user }]);
    expect(await call("presenceStats", { channel })).toEqual({ clients: 1, users: 1 });
  });

  libraryTest("it subscribes, unsubscribes and disconnects a user", async () => {
    const channel = newChannel();
    const { user, client } = await connect();
    await call("subscribe", { user, channel });
    await until(() => client.serverSubscribed.length === 1, "the subscription");
    expect(client.serverSubscribed[0]?.channel).toBe(channel);
    await call("unsubscribe", { user, channel });
    await until(() => client.serverUnsubscribed.length === 1, "the end of the subscription");
    await call("disconnect", { user });
    expect(await client.untilDisconnected()).toMatchObject({ code: 3503, reason: "force disconnect" });
  });

  libraryTest("it lists channels and hubs once the hubs have reported", async () => {
    const channel = newChannel();
    const { client } = await connect();
    await client.subscribe(channel);
    const listed = async () => (await call("channels", { pattern: channel })) as readonly string[];
    await until(async () => (await listed()).length > 0, "the report of the hub");
    expect(await listed()).toEqual([channel]);
    expect(await call("info", {})).toBeGreaterThan(0);
  });

  libraryTest("it reports what the gateway refuses", async () => {
    await expect(publish("nowhere:a", "1")).rejects.toMatchObject({ code: 102 });
    await expect(call("history", { channel: "", limit: 1 })).rejects.toMatchObject({ code: 107 });
    await expect(call("info", {}, "another key")).rejects.toThrow();
  });
});
