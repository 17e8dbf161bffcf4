import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Centrifuge } from "centrifuge";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import type { BackendEvent, EventKind } from "../../src/channels/backend-event.ts";
import { CUT, HANG, type Question, SECRET, startBackend, type TestBackend } from "../support/backend.ts";
import { PATIENCE_MS } from "../support/patience.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const CONFIG = "test/objects/backend-worker/wrangler.toml";
const ANN = { result: { user: "ann", channels: [] } };
const WAIT = { timeout: PATIENCE_MS, interval: 20 };

let backend: TestBackend;
let gateway: Workerd;
let storage: string;
const clients: Centrifuge[] = [];

const varsOf = ({ url }: TestBackend) => ({
  ENVIRONMENT: "development",
  BACKEND_SIGNATURE_SECRET: SECRET,
  CONNECT_URL: `${url}/connect`,
  REFRESH_URL: `${url}/refresh`,
  SUBSCRIBE_URL: `${url}/subscribe`,
  SUB_REFRESH_URL: `${url}/sub_refresh`,
  PUBLISH_URL: `${url}/publish`,
  RPC_URL: `${url}/rpc`,
  WEBHOOK_URL: `${url}/events`,
});

const start = (port = 0) =>
  startWorkerd({ configPath: CONFIG, vars: varsOf(backend), persistTo: storage, port });

beforeAll(async () => {
  storage = await mkdtemp(join(tmpdir(), "poorwill-backend-"));
  backend = await startBackend();
  gateway = await start();
});
afterAll(async () => {
  await gateway?.stop();
  await backend?.stop();
  await rm(storage, { recursive: true, force: true });
});
beforeEach(() => {
  backend.questions.length = 0;
  backend.events.length = 0;
  backend.eventStatus = 200;
});
afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});

/** Answers by path; what is not named gets `{"result":{}}`. */
const by = (answers: Record<string, (question: Question) => unknown>) => (question: Question) =>
  (answers[question.path.slice(1)] ?? (() => ({ result: {} })))(question);

/** When something expires that is to expire within this test, and not before the gateway hears of it. */
const soon = () => Math.floor(Date.now() / 1000) + 5;

/** An official client, connected as the backend lets it in. */
async function connect(headers: Record<string, string> = {}, cookie?: string): Promise<Centrifuge> {
  class Socket extends WebSocket {
    constructor(address: string, protocols?: string | string[]) {
      super(address, protocols, cookie === undefined ? {} : { headers: { Cookie: cookie } });
    }
  }
  const address = `ws://127.0.0.1:${gateway.port}/connection/websocket`;
  const client = new Centrifuge(address, { websocket: Socket, headers, timeout: PATIENCE_MS });
  clients.push(client);
  client.connect();
  await client.ready(PATIENCE_MS);
  return client;
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("questions", () => {
  test("PROXY-01 PROXY-02: an official client connects, publishes and calls through a backend, by signed requests", async () => {
    backend.answer = by({
      connect: () => ANN,
      publish: ({ body }) => ({ result: { data: { from: body.user, text: body.data } } }),
      rpc: ({ body }) => ({ result: { data: { method: body.method } } }),
    });
    const client = await connect();
    const subscription = client.newSubscription(`chat:${crypto.randomUUID()}`);
    const heard = new Promise((resolve) => subscription.on("publication", ({ data }) => resolve(data)));
    subscription.subscribe();
    await subscription.ready(PATIENCE_MS);
    await subscription.publish("hi");
    expect(await heard).toEqual({ from: "ann", text: "hi" });
    expect(await client.rpc("whoami", null)).toEqual({ data: { method: "whoami" } });
    expect(backend.questions.map(({ path }) => path)).toEqual(["/connect", "/publish", "/rpc"]);
    expect(backend.questions.every(({ isSigned }) => isSigned)).toBe(true);
  });

  test("PROXY-09 PROXY-10: the backend sees the handshake's cookie, and headers that the client emulates", async () => {
    backend.answer = by({ connect: () => ANN });
    const client = await connect({ "X-Device": "phone", Cookie: "forged=1", "X-Other": "1" }, "session=1");
    await client.rpc("m", null);
    for (const { headers } of backend.questions) {
      expect(headers.get("cookie")).toBe("session=1");
      expect(headers.get("x-device")).toBe("phone");
      expect(headers.get("x-other")).toBeNull();
    }
    expect(backend.questions).toHaveLength(2);
  });

  test("PROXY-05: a backend that knows no credentials ends the connection with 3501", async () => {
    backend.answer = () => ({});
    const client = new Centrifuge(`ws://127.0.0.1:${gateway.port}/connection/websocket`, {
      websocket: WebSocket,
    });
    const ended = new Promise<number>((resolve) => client.on("disconnected", ({ code }) => resolve(code)));
    client.connect();
    expect(await ended).toBe(3501);
  });

  test("PROXY-14: a connection that expires is renewed by the backend, and the client does not notice", async () => {
    backend.answer = by({
      connect: () => ({ result: { user: "ann", expire_at: soon() } }),
      refresh: () => ({ result: { expire_at: soon() } }),
    });
    const client = await connect();
    let changes = 0;
    client.on("state", () => (changes += 1));
    await vi.waitFor(
      () => expect(backend.questions.filter(({ path }) => path === "/refresh").length).toBeGreaterThan(1),
      WAIT,
    );
    expect(backend.questions.at(-1)?.body).toMatchObject({ user: "ann" });
    expect(changes).toBe(0);
  });

  test("PROXY-01 PROXY-06: the backend lets into a channel, with data and info, or refuses", async () => {
    backend.answer = by({
      connect: () => ANN,
      subscribe: ({ body }) =>
        body.data === "please"
          ? { result: { data: "welcome", info: 5 } }
          : { error: { code: 403, message: "say please" } },
    });
    const client = await connect();
    const polite = client.newSubscription("asked:in", { data: "please" });
    const rude = client.newSubscription("asked:out");
    const welcome = new Promise((resolve) => polite.on("subscribed", ({ data }) => resolve(data)));
    const refusal = new Promise((resolve) => rude.on("unsubscribed", (context) => resolve(context)));
    for (const subscription of [polite, rude]) subscription.subscribe();
    expect(await welcome).toBe("welcome");
    expect(await refusal).toEqual({ channel: "asked:out", code: 403, reason: "say please" });
    expect(Object.values((await polite.presence()).clients)).toMatchObject([{ user: "ann", chanInfo: 5 }]);
    const asked = backend.questions.filter(({ path }) => path === "/subscribe");
    expect(asked.map(({ body, isSigned }) => [body.channel, isSigned]).sort()).toEqual([
      ["asked:in", true],
      ["asked:out", true],
    ]);
  });

  test("PROXY-17: a subscription that expires is renewed by the backend, and ends with 2501 when it says so", async () => {
    let renewal: () => unknown = () => ({ result: { expire_at: soon() } });
    backend.answer = by({
      connect: () => ANN,
      subscribe: () => ({ result: { expire_at: soon() } }),
      sub_refresh: () => renewal(),
    });
    const subscription = (await connect()).newSubscription("asked:expiring");
    subscription.subscribe();
    await subscription.ready(PATIENCE_MS);
    const ends: number[] = [];
    subscription.on("subscribing", ({ code }) => ends.push(code));
    const asked = () => backend.questions.filter(({ path }) => path === "/sub_refresh");
    await vi.waitFor(() => expect(asked().length).toBeGreaterThan(1), WAIT);
    expect(asked()[0]).toMatchObject({ isSigned: true, body: { user: "ann", channel: "asked:expiring" } });
    expect(ends).toEqual([]);
    renewal = () => ({ result: { expired: true } });
    await vi.waitFor(() => expect(ends[0]).toBe(2501), WAIT);
  });
});

describe("a backend that is broken", () => {
  const INTERNAL = { code: 100, temporary: true };
  test.each<[string, () => unknown, object]>([
    ["answers 500", () => new Response("oops", { status: 500 }), INTERNAL],
    ["answers 418, which is transformed", () => new Response(null, { status: 418 }), { code: 418 }],
    ["never answers", () => HANG, INTERNAL],
    ["cuts the connection", () => CUT, INTERNAL],
    ["sends no JSON", () => new Response("<html>"), INTERNAL],
    ["sends result and error", () => ({ result: {}, error: { code: 400, message: "no" } }), INTERNAL],
    ["sends a code out of range", () => ({ error: { code: 99, message: "no" } }), INTERNAL],
    ["sends a huge body", () => new Response(`{"result":{"data":"${"x".repeat(5_000_000)}"}}`), INTERNAL],
    [
      "redirects",
      () => new Response(null, { status: 307, headers: { Location: `${backend.url}/connect` } }),
      INTERNAL,
    ],
  ])(
    "PROXY-07 PROXY-08: one that %s costs one error, and the connection goes on",
    async (_, answer, expected) => {
      backend.answer = by({ connect: () => ANN, rpc: answer });
      const client = await connect();
      expect(await failure(client.rpc("m", null))).toMatchObject(expected);
      backend.answer = by({ rpc: () => ({ result: { data: 1 } }) });
      expect(await client.rpc("m", null)).toEqual({ data: 1 });
    },
  );

  test("PROXY-12: twenty questions without an answer hold up no other one", async () => {
    const { promise: end, resolve } = Promise.withResolvers<typeof CUT>();
    backend.answer = by({ connect: () => ANN, rpc: () => end });
    const [waiting, other] = [await connect(), await connect()];
    let failed = 0;
    const unanswered = Array.from({ length: 20 }, () =>
      failure(waiting.rpc("m", null)).finally(() => (failed += 1)),
    );
    await vi.waitFor(
      () => expect(backend.questions.filter(({ path }) => path === "/rpc")).toHaveLength(20),
      WAIT,
    );
    await other.publish("chat:a", 1);
    await waiting.publish("chat:a", 2);
    expect(failed).toBe(0);
    resolve(CUT);
    for (const error of await Promise.all(unanswered)) expect(error).toMatchObject(INTERNAL);
  });

  test("PROXY-07: a connect that cannot be decided is tried again by the client", async () => {
    let asked = 0;
    backend.answer = by({ connect: () => (asked++ === 0 ? CUT : ANN) });
    const client = await connect();
    expect(client.state).toBe("connected");
    expect(asked).toBe(2);
  });
});

describe("events", () => {
  async function join(): Promise<{ client: Centrifuge; channel: string }> {
    backend.answer = by({ connect: () => ANN });
    const channel = `chat:${crypto.randomUUID()}`;
    const client = await connect();
    const subscription = client.newSubscription(channel);
    subscription.subscribe();
    await subscription.ready(PATIENCE_MS);
    return { client, channel };
  }

  /** What has been told of a channel, and of the connection that was in it. */
  function toldOf(channel: string): readonly BackendEvent[] {
    const members = backend.events.filter((event) => event.channel === channel).map(({ client }) => client);
    const isMember = (client: string | undefined) => client !== undefined && members.includes(client);
    return backend.events.filter((event) => event.channel === channel || isMember(event.client));
  }

  const kindsOf = (channel: string) => new Set(toldOf(channel).map(({ kind }) => kind));
  const COMING: EventKind[] = ["connection.opened", "member.joined", "channel.occupied"];
  const GOING: EventKind[] = ["connection.closed", "member.left", "channel.vacated"];
  const untilTold = (channel: string, kinds: readonly EventKind[]) =>
    vi.waitFor(() => expect(kindsOf(channel)).toEqual(new Set(kinds)), WAIT);

  test("EVENT-01 EVENT-02 EVENT-05: a backend hears who comes and goes", async () => {
    const { client, channel } = await join();
    await untilTold(channel, COMING);
    client.disconnect();
    await untilTold(channel, [...COMING, ...GOING]);
    const [joined, left] = (["member.joined", "member.left"] as const).map((kind) =>
      toldOf(channel).find((event) => event.kind === kind),
    );
    expect(left).toMatchObject({ channel, user: "ann", client: joined?.client });
    expect(left?.sequence).toBeGreaterThan(joined?.sequence ?? 0);
    expect(toldOf(channel)).toHaveLength(6);
  });

  test("EVENT-06: what a backend that was down has missed is delivered when it is back", async () => {
    backend.eventStatus = 503;
    const { client, channel } = await join();
    client.disconnect();
    await vi.waitFor(() => expect(gateway.output()).toContain("events.delivery_failed"), WAIT);
    expect(toldOf(channel)).toEqual([]);
    backend.eventStatus = 200;
    await untilTold(channel, [...COMING, ...GOING]);
  });

  test("EVENT-09: what a crash has swallowed is told after it", async () => {
    const { client, channel } = await join();
    await untilTold(channel, COMING);
    client.on("connecting", () => client.disconnect());
    await gateway.kill();
    gateway = await start(gateway.port);
    await untilTold(channel, [...COMING, ...GOING]);
    expect(toldOf(channel)).toHaveLength(6);
  });
});
