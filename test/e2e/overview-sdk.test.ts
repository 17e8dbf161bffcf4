import { Centrifuge } from "centrifuge";
import { Centrifuge as Protobuf } from "centrifuge/build/protobuf";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { merge } from "../../src/overview/merge.ts";
import {
  OVERVIEW_CHANNEL,
  OVERVIEW_ENDPOINT,
  type OverviewMessage,
  type OverviewSnapshot,
} from "../../src/overview/messages.ts";
import { ChannelClient } from "../support/channel-client.ts";
import { bytes, sign } from "../support/tokens.ts";
import { until } from "../support/until.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const KEY = "the key of somebody who looks";
const SECRET = "the token secret of the test, long";

let gateway: Workerd;

beforeAll(async () => {
  gateway = await startWorkerd({
    configPath: "test/objects/directory-worker/wrangler.toml",
    vars: {
      ENVIRONMENT: "development",
      TOKEN_HMAC_SECRET: SECRET,
      OPERATOR_KEYS: JSON.stringify([{ name: "ann", key: KEY, methods: ["observe"] }]),
    },
  });
});
afterAll(() => gateway.stop());

const at = (path: string) => `${gateway.url.replace("http", "ws")}${path}`;

/** What a page does with its key. */
async function getToken(): Promise<string> {
  const headers = { "X-API-Key": KEY };
  const response = await fetch(`${gateway.url}/api/operator_token`, { method: "POST", headers });
  return ((await response.json()) as { result: { token: string } }).result.token;
}

test.each([
  ["JSON", Centrifuge, (data: unknown) => data],
  ["Protobuf", Protobuf, (data: unknown) => JSON.parse(new TextDecoder().decode(data as Uint8Array))],
])("VIEW-16: the official SDK shows an overview in %s", async (_, Sdk, read) => {
  let seen: OverviewSnapshot | undefined;
  const overview = new Sdk(at(OVERVIEW_ENDPOINT), { getToken });
  onTestFinished(() => overview.disconnect());
  overview.on("publication", ({ channel, data }) => {
    if (channel === OVERVIEW_CHANNEL) seen = merge(seen, read(data) as OverviewMessage);
  });
  overview.connect();
  await overview.ready();
  await until(() => seen !== undefined, "the snapshot");
  const channel = `public:${crypto.randomUUID()}`;
  const client = new ChannelClient(at(`/connection/websocket?channel=${encodeURIComponent(channel)}`), {
    token: await sign({ sub: "bob" }, bytes(SECRET)),
  });
  onTestFinished(() => client.centrifuge.disconnect());
  await client.connect();
  await client.subscribe(channel);
  await until(() => seen?.hubs.some(({ hub }) => hub === `home/${channel}`) ?? false, "the hub of a client");
  await expect(overview.presence(channel)).rejects.toMatchObject({ code: 103 });
  expect(overview.state).toBe("connected");
});
