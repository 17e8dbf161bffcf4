import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RawClient } from "../fixtures/raw-client.ts";
import { databaseOf, factsOf, thawStorage } from "../fixtures/storage.ts";
import { SECRET as BACKEND_SECRET, startBackend, type TestBackend } from "../support/backend.ts";
import { SECRET, sign } from "../support/tokens.ts";
import { until } from "../support/until.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const FIXTURE = "2b7db08";
const API_KEY = "the key of the fixture";
const { epoch } = factsOf(FIXTURE);
const EDGE = "/connection/websocket";
const HOME = `${EDGE}?channel=kept:42`;

let directory: string;
let backend: TestBackend;
let gateway: Workerd;
const clients: RawClient[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "poorwill-frozen-"));
  thawStorage(FIXTURE, directory);
  backend = await startBackend();
  gateway = await startWorkerd({
    configPath: "test/objects/frozen-gateway/wrangler.toml",
    persistTo: directory,
    vars: {
      ENVIRONMENT: "development",
      TOKEN_HMAC_SECRET: SECRET,
      API_KEY,
      WEBHOOK_URL: `${backend.url}/events`,
      BACKEND_SIGNATURE_SECRET: BACKEND_SECRET,
    },
  });
});

afterAll(async () => {
  for (const client of clients) client.close();
  await gateway?.stop();
  await backend?.stop();
  await rm(directory, { recursive: true });
});

async function connect(user: string, path: string, claims = {}) {
  const client = await RawClient.open(gateway.url.replace("http", "ws") + path);
  clients.push(client);
  return {
    client,
    connected: await client.ask({ connect: { token: await sign({ sub: user, ...claims }) } }),
  };
}

async function api(method: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${gateway.url}/api/${method}`, {
    method: "POST",
    headers: { "X-API-Key": API_KEY },
    body: JSON.stringify(body),
  });
  return ((await response.json()) as { result: Record<string, unknown> }).result;
}

const textsIn = (reply: Readonly<Record<string, unknown>>) =>
  (reply.publications as { data: { text: string } }[]).map(({ data }) => data.text);
const publications = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => `publication ${first + index}`);
/** What a client was sent of a channel, after the replies. */
const pushedTo = (client: RawClient, channel: string) =>
  client.lines.flatMap(({ push }) => {
    const { channel: pushed, pub } = (push ?? {}) as { channel?: string; pub?: { data: unknown } };
    return pushed === channel && pub ? [pub.data] : [];
  });

function rowsOf(database: string, query: string): Record<string, unknown>[] {
  const opened = new DatabaseSync(join(directory, `${database}.sqlite`), {
    readOnly: true,
  });
  try {
    return opened.prepare(query).all();
  } finally {
    opened.close();
  }
}

test("STORE-20: a stream goes on: who knows an old offset recovers, and numbers continue, at the home and at a follower", async () => {
  const { client: near } = await connect("ann", HOME);
  const { client: far } = await connect("bob", EDGE);
  for (const client of [near, far]) {
    const subscribed = await client.ask({
      subscribe: { channel: "kept:42", recover: true, epoch, offset: 3 },
    });
    expect(subscribed).toMatchObject({ recovered: true, epoch });
    expect(textsIn(subscribed)).toEqual(publications(4, 6));
  }
  const history = await far.ask({ history: { channel: "kept:42", limit: -1 } });
  expect(history).toMatchObject({ epoch, offset: 6 });
  expect(textsIn(history)).toEqual(publications(1, 6));
  const published = await api("publish", { channel: "kept:42", data: { text: "publication 7" } });
  expect(published).toEqual({ epoch, offset: 7 });
  for (const client of [near, far]) {
    await until(() => pushedTo(client, "kept:42").length > 0, "what was published now");
    expect(pushedTo(client, "kept:42")).toEqual([{ text: "publication 7" }]);
  }
});

test("STORE-20: an idempotency key and a version hold back what was published before", async () => {
  const again = { channel: "kept:42", data: { text: "publication 6" }, idempotency_key: "once" };
  expect(await api("publish", again)).toMatchObject({ epoch, offset: 6 });
  await api("publish", { channel: "kept:42/version", data: 4, version: 4 });
  const history = await api("history", { channel: "kept:42/version", limit: -1 });
  expect(history.publications).toMatchObject([{ data: 5, offset: 1 }]);
});

test("STORE-20: a cached state is there for whoever subscribes", async () => {
  const { connected } = await connect("bob", EDGE, { channels: ["state:bob"] });
  expect(connected.subs).toMatchObject({
    "state:bob": { recovered: true, publications: [{ data: { mood: "calm" }, offset: 1 }] },
  });
});

test("STORE-20: a channel without history still reaches everybody, and the API still finds a user", async () => {
  const { client: near } = await connect("ann", HOME);
  const { client: far } = await connect("carl", EDGE);
  for (const client of [near, far]) await client.ask({ subscribe: { channel: "plain:lobby" } });
  await near.ask({ publish: { channel: "plain:lobby", data: "heard" } });
  for (const client of [near, far]) await until(() => pushedTo(client, "plain:lobby").length > 0, "it");
  await api("subscribe", { user: "carl", channel: "kept:42/added" });
  await until(
    () => far.lines.some(({ push }) => (push as { subscribe?: object })?.subscribe),
    "a subscription",
  );
});

test("STORE-20: events that waited are delivered, each once", async () => {
  const told = (kind: string, about: object) =>
    backend.events.filter(
      (event) =>
        event.kind === kind &&
        Object.entries(about).every(([key, value]) => Reflect.get(event, key) === value),
    );
  const waiting = [
    ["connection.opened", { user: "large" }],
    ["member.joined", { user: "large", channel: "kept:42" }],
    ["channel.occupied", { channel: "kept:42/stuck" }],
  ] as const;
  for (const [kind, about] of waiting) {
    await until(() => told(kind, about).length > 0, `${kind} of ${JSON.stringify(about)}`);
    expect(told(kind, about)).toHaveLength(1);
  }
});

test("STORE-20: what a follower had not acknowledged is settled with it", async () => {
  const home = `poorwill-frozen-Hub/${databaseOf(FIXTURE, "poorwill-frozen-Hub/home-kept-42")}`;
  const unsettled = () => rowsOf(home, "SELECT channel FROM streams WHERE unsettled IS NOT NULL");
  await connect("ann", HOME);
  await until(() => unsettled().length === 0, "an answer of the follower");
});

test("STORE-20: the directory goes on counting", async () => {
  const metrics = await fetch(`${gateway.url}/metrics`, { headers: { "X-API-Key": API_KEY } });
  expect(await metrics.text()).toContain('centrifugo_client_num_reply_errors{code="109"} 1\n');
});

test("STORE-20: a room that ticked keeps nothing when nobody has come back", async () => {
  await until(
    () => rowsOf("poorwill-frozen-Room/metadata", "SELECT * FROM _cf_ALARM").length === 0,
    "its last alarm",
  );
});
