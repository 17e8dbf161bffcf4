import { CentClient, CentException, CentMethods } from "cent.js";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ChannelClient } from "../support/channel-client.ts";
import { bytes, sign } from "../support/tokens.ts";
import { until } from "../support/until.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const KEY = "the key of the library";
const SECRET = "the token secret of the test, long";

let gateway: Workerd;
let api: CentClient;
const clients: ChannelClient[] = [];

beforeAll(async () => {
  gateway = await startWorkerd({
    configPath: "test/objects/directory-worker/wrangler.toml",
    vars: { ENVIRONMENT: "development", API_KEY: KEY, TOKEN_HMAC_SECRET: SECRET },
  });
  api = new CentClient({ url: `${gateway.url}/api`, apiKey: KEY });
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

describe("API-70: cent.js works unchanged", () => {
  test("it publishes and broadcasts to clients", async () => {
    const [channel, other] = [newChannel(), newChannel()];
    const { client } = await connect();
    const [feed, otherFeed] = [await client.subscribe(channel), await client.subscribe(other)];
    const published = await api.publish({ channel, data: { text: "one" }, tags: { kind: "a" } });
    expect(published).toEqual({ offset: 1, epoch: expect.any(String) });
    expect(await api.publish({ channel, data: { text: "passing" }, skip_history: true })).toEqual({});
    // The library's type says that the answer is a list: it hands on what the server answers, as Centrifugo's is.
    expect(await api.broadcast({ channels: [channel, other], data: { text: "two" } })).toEqual({
      responses: [
        { result: { offset: 2, epoch: published.epoch } },
        { result: { offset: 1, epoch: expect.any(String) } },
      ],
    });
    await until(() => feed.data.length === 3 && otherFeed.data.length === 1, "the publications");
    expect(feed.data).toEqual([{ text: "one" }, { text: "passing" }, { text: "two" }]);
    expect(feed.publications[0]).toMatchObject({ offset: 1, tags: { kind: "a" } });
    expect(otherFeed.data).toEqual([{ text: "two" }]);
  });

  test("it reads and removes history", async () => {
    const channel = newChannel();
    const { epoch = "" } = await api.publish({ channel, data: { n: 1 } });
    await api.publish({ channel, data: { n: 2 } });
    expect(await api.getHistory({ channel, limit: 10, since: { offset: 1, epoch } })).toEqual({
      publications: [{ data: { n: 2 }, offset: 2 }],
      offset: 2,
      epoch,
    });
    const { publications } = await api.getHistory({ channel, limit: 10, reverse: true });
    expect(publications.map(({ data }) => data)).toEqual([{ n: 2 }, { n: 1 }]);
    expect(await api.removeHistory({ channel })).toEqual({});
    expect(await api.getHistory({ channel, limit: 10 })).toEqual({ publications: [], offset: 2, epoch });
  });

  test("it asks who is there", async () => {
    const channel = newChannel();
    const { user, client } = await connect();
    await client.subscribe(channel);
    expect(await api.getPresence({ channel })).toEqual({
      presence: { [client.id]: { client: client.id, user } },
    });
    expect(await api.getPresenceStats({ channel })).toEqual({ num_clients: 1, num_users: 1 });
  });

  test("it subscribes, unsubscribes, refreshes and disconnects a user", async () => {
    const channel = newChannel();
    const { user, client } = await connect();
    expect(await api.subscribe({ user, channel })).toEqual({});
    await until(() => client.serverSubscribed.length === 1, "the subscription");
    expect(client.serverSubscribed[0]?.channel).toBe(channel);
    expect(await api.unsubscribe({ user, channel })).toEqual({});
    await until(() => client.serverUnsubscribed.length === 1, "the end of the subscription");
    expect(client.serverUnsubscribed).toEqual([channel]);
    expect(await api.refresh({ user, client: client.id })).toEqual({});
    expect(await api.disconnect({ user, client: client.id })).toEqual({});
    expect(await client.untilDisconnected()).toMatchObject({ code: 3503, reason: "force disconnect" });
  });

  test("it lists channels and hubs once the hubs have reported", async () => {
    const channel = newChannel();
    const { client } = await connect();
    await client.subscribe(channel);
    const listed = async () => (await api.getChannels({ pattern: channel })).channels;
    await until(async () => Object.keys(await listed()).length > 0, "the report of the hub");
    expect(await listed()).toEqual({ [channel]: { num_clients: 1 } });
    const { nodes } = await api.getInfo();
    expect(nodes.some(({ num_channels, num_clients }) => num_channels > 0 && num_clients > 0)).toBe(true);
  });

  test("it sends several commands at once, in the legacy form", async () => {
    const channel = newChannel();
    const answers = await api.pipeline([
      { method: CentMethods.Publish, params: { channel, data: { n: 1 } } },
      { method: CentMethods.Publish, params: { channel, data: { n: 2 } } },
    ]);
    expect(answers).toMatchObject([{ offset: 1 }, { offset: 2 }]);
    expect(await api.pipeline([{ method: CentMethods.Info, params: {} }])).toEqual([
      { nodes: expect.any(Array) },
    ]);
  });

  test("it throws what the gateway refuses", async () => {
    await expect(api.publish({ channel: "nowhere:a", data: {} })).rejects.toThrow(CentException);
    await expect(api.getHistory({ channel: "" })).rejects.toThrow(CentException);
    const stranger = new CentClient({ url: `${gateway.url}/api`, apiKey: "another" });
    await expect(stranger.getInfo()).rejects.toThrow();
  });
});
