import { exports } from "cloudflare:workers";
import { expect, onTestFinished, test, vi } from "vitest";
import { metricOf } from "../../src/metrics/series.ts";
import { stopClock } from "../support/clock.ts";
import { HubClient } from "../support/hub-client.ts";
import { inSeconds, sign } from "../support/hub-config.ts";
import { captureErrors } from "../support/log.ts";
import { StreamEnd } from "../support/stream-end.ts";
import { until } from "../support/until.ts";
import { ask, enableUserCommands } from "./api-client.ts";
import { GATEWAY } from "./client.ts";
import { API_KEY, askMetrics, readMetrics } from "./observed.ts";
import { TestHub } from "./test-hub.ts";

const homeOf = (channel: string) => new TestHub({ name: `home/${channel}` });
const freshChannel = (namespace: string) => `${namespace}:${crypto.randomUUID()}`;
const metricsOf = (hub: TestHub) => readMetrics(`?hub=${encodeURIComponent(hub.name)}`);

test("OPS-02: a hub tells how many clients, users, subscriptions and channels it has", async () => {
  const channel = freshChannel("open");
  const hub = homeOf(channel);
  const [one, other] = [await hub.connect(), await hub.connect()];
  await hub.open();
  await one.subscribe(channel);
  await other.subscribe(channel);
  await other.subscribe(`${channel}/typing`);
  const metrics = await metricsOf(hub);
  expect(Object.fromEntries(metrics)).toMatchObject({
    'centrifugo_node_build{version="0.2.0 Poorwill"}': 1,
    centrifugo_node_num_clients: 2,
    centrifugo_node_num_users: 1,
    centrifugo_node_num_subscriptions: 3,
    centrifugo_node_num_channels: 2,
    centrifugo_client_connections_inflight: 3,
    centrifugo_client_connections_accepted: 3,
    centrifugo_client_subscriptions_accepted: 3,
    centrifugo_transport_messages_received: 5,
    'poorwill_hub_commands{method="connect"}': 2,
    'poorwill_hub_commands{method="subscribe"}': 3,
    poorwill_hub_wakes: 1,
  });
});

test("OPS-02: it counts hooks that fail, and publications that are kept back", async () => {
  captureErrors();
  const clock = stopClock();
  const channel = freshChannel("keep");
  const fail = () => Promise.reject(new Error("broken"));
  const config = { connection: { pong: false }, hooks: { rpc: fail, refresh: fail } };
  const hub = new TestHub({ name: `home/${channel}`, config });
  const client = await hub.connect({ token: await sign({ sub: "ann", exp: inSeconds(60) }) });
  expect(await client.codeOf("rpc", { method: "m" })).toBe(100);
  for (const more of [{ idempotency_key: "a" }, { idempotency_key: "a" }, { version: 1 }, { version: 1 }])
    await ask("publish", { channel, data: 1, ...more });
  await hub.pass(clock, 61);
  await until(async () => (await metricsOf(hub)).has('centrifugo_proxy_errors{type="refresh"}'));
  expect(Object.fromEntries(await metricsOf(hub))).toMatchObject({
    'centrifugo_proxy_errors{type="rpc"}': 1,
    'centrifugo_proxy_errors{type="refresh"}': 1,
    'centrifugo_broker_publish_suppressed_count{reason="idempotency"}': 1,
    'centrifugo_broker_publish_suppressed_count{reason="version"}': 1,
  });
});

test("OPS-02: it counts publications, rows, calls, errors and closes", async () => {
  const channel = freshChannel("keep");
  const [home, away] = [homeOf(channel), new TestHub()];
  const near = await home.connect();
  const far = await away.connect();
  await near.subscribe(channel);
  await far.subscribe(channel);
  await far.publish(channel, 1);
  await near.publication(channel);
  await far.publication(channel);
  expect(await near.codeOf("subscribe", { channel: "nowhere:a" })).toBe(102);
  near.sendFrame("no JSON");
  expect((await near.closed).code).toBe(3501);
  const metrics = Object.fromEntries(await metricsOf(home));
  expect(metrics).toMatchObject({
    'centrifugo_node_messages_received_count{type="publication"}': 1,
    'centrifugo_client_num_reply_errors{code="102"}': 1,
    'centrifugo_client_num_server_disconnects{code="3501"}': 1,
  });
  // A follow and a publish came, at least one deliver went; the stream, the follower, the publication and the alarm are rows.
  expect(metrics.poorwill_hub_calls_taken).toBeGreaterThanOrEqual(2);
  expect(metrics.poorwill_hub_calls_made).toBeGreaterThanOrEqual(1);
  expect(metrics.poorwill_hub_rows_written).toBeGreaterThanOrEqual(4);
  expect(metrics.centrifugo_transport_messages_sent_size).toBeGreaterThan(100);
});

test("OPS-02: it counts recoveries, and what they brought", async () => {
  const channel = freshChannel("keep");
  const hub = homeOf(channel);
  const writer = await hub.connect();
  const { epoch } = await writer.subscribe(channel);
  await writer.publish(channel, 1);
  await writer.publish(channel, 2);
  const one = await hub.connect();
  await one.subscribe(channel, { recover: true, offset: 0, epoch });
  const other = await hub.connect();
  await other.subscribe(channel, { recover: true, offset: 0, epoch: "gone" });
  expect(Object.fromEntries(await metricsOf(hub))).toMatchObject({
    'centrifugo_client_recover{recovered="yes"}': 1,
    'centrifugo_client_recover{recovered="no"}': 1,
    centrifugo_client_recovered_publications: 2,
  });
});

test("OPS-02: it counts subscriptions that the server ends, by their codes", async () => {
  enableUserCommands();
  const clock = stopClock();
  const connection = { userCommands: true, expiredCloseDelay: 0, pong: false };
  const [named, expiring] = [freshChannel("open"), freshChannel("open")];
  const hub = new TestHub({ name: `home/${named}`, config: { connection } });
  const user = crypto.randomUUID();
  const client = await hub.connect({ token: await sign({ sub: user }) });
  await client.subscribe(named);
  const token = await sign({ sub: user, channel: expiring, exp: inSeconds(60) });
  await client.subscribe(expiring, { token });
  await ask("unsubscribe", { user, channel: named });
  await client.push("unsubscribe");
  await hub.pass(clock, 61);
  await client.push("unsubscribe");
  expect(Object.fromEntries(await metricsOf(hub))).toMatchObject({
    'centrifugo_client_num_server_unsubscribes{code="2000"}': 1,
    'centrifugo_client_num_server_unsubscribes{code="2501"}': 1,
  });
});

test("LEDGER-01: a hub tells what woke it and what kept it awake, by cause", async () => {
  const hub = homeOf(freshChannel("open"));
  const [client, other] = [await hub.connect(), await hub.connect()];
  await hub.runAlarm();
  await hub.sleep();
  await client.publish("open:a", 1);
  await other.close(1000);
  const series = (name: string, cause: string) => `poorwill_hub_${name}{cause="${cause}"}`;
  await until(async () => (await metricsOf(hub)).has(series("activity", "close")));
  const metrics = await metricsOf(hub);
  expect(Object.fromEntries(metrics)).toMatchObject({
    [series("wake_causes", "message")]: 1,
    [series("activity", "message")]: 1,
    [series("activity", "close")]: 1,
    poorwill_hub_kept_awake_milliseconds: 0,
  });
  expect(metrics.has(series("wake_causes", "close"))).toBe(false);
});

test("LEDGER-01: commands that are posted are requests, which cost more than messages", async () => {
  const channel = freshChannel("open");
  const hub = homeOf(channel);
  const end = new StreamEnd(
    (path, init) => exports.default.fetch(new Request(GATEWAY + path, init)),
    `/connection/http_stream?channel=${encodeURIComponent(channel)}`,
  );
  onTestFinished(() => end.close());
  const client = new HubClient(end);
  await client.ask("connect", {});
  await client.subscribe(channel);
  await client.publish(channel, 1);
  expect(Object.fromEntries(await metricsOf(hub))).toMatchObject({
    'poorwill_hub_activity{cause="message"}': 1,
    'poorwill_hub_activity{cause="request"}': 2,
  });
});

test("LEDGER-02: the time awake is told by what it followed, and adds up", async () => {
  const clock = stopClock();
  const hub = homeOf(freshChannel("open"));
  const client = await hub.connect();
  clock.advance(4_000);
  await hub.runAlarm();
  clock.advance(3_000);
  await client.publish("open:a", 1);
  expect(Object.fromEntries(await metricsOf(hub))).toMatchObject({
    'poorwill_hub_awake_cause_milliseconds{cause="message"}': 4_000,
    'poorwill_hub_awake_cause_milliseconds{cause="alarm:expiry"}': 3_000,
    poorwill_hub_awake_milliseconds: 7_000,
  });
});

test("LEDGER-03: a hub that is in memory when it should sleep tells for how long", async () => {
  const clock = stopClock();
  const hub = homeOf(freshChannel("open"));
  const client = await hub.connect();
  clock.advance(15_000);
  await client.publish("open:a", 1);
  expect(Object.fromEntries(await metricsOf(hub))).toMatchObject({
    poorwill_hub_awake_milliseconds: 15_000,
    poorwill_hub_kept_awake_milliseconds: 5_000,
  });
});

test("METRIC-03: publications and subscriptions are told by namespace", async () => {
  const channel = freshChannel("keep");
  const hub = homeOf(channel);
  const client = await hub.connect();
  await client.subscribe(channel);
  await client.publish(channel, 1);
  await ask("publish", { channel, data: 2, idempotency_key: "a" });
  expect(Object.fromEntries(await metricsOf(hub))).toMatchObject({
    'poorwill_namespace_publications{namespace="keep"}': 2,
    'poorwill_namespace_subscriptions{namespace="keep"}': 1,
  });
});

test("METRIC-02: a hub tells how long publications, recoveries and hooks took", async () => {
  const [near, far] = [freshChannel("keep"), freshChannel("keep")];
  const config = { hooks: { rpc: async () => ({}) } };
  const hub = new TestHub({ name: `home/${near}`, config });
  const client = await hub.connect();
  for (const channel of [near, far])
    await client.subscribe(channel, { recover: true, offset: 0, epoch: "gone" });
  await client.publish(near, 1);
  await client.publish(near, 2);
  await client.ask("rpc", { method: "m" });
  expect(Object.fromEntries(await metricsOf(hub))).toMatchObject({
    poorwill_hub_delivery_milliseconds_count: 2,
    'poorwill_hub_delivery_milliseconds_bucket{le="+Inf"}': 2,
    poorwill_hub_recovery_milliseconds_count: 2,
    'poorwill_hub_hook_milliseconds_count{hook="rpc"}': 1,
  });
});

test("OPS-02: it tells how late its last flush was", async () => {
  stopClock();
  const hub = homeOf(freshChannel("open"));
  const client = await hub.connect();
  // Each look at this clock finds it later, so a flush that waits is late, however fast the machine is.
  let now = performance.now();
  const spy = vi.spyOn(performance, "now").mockImplementation(() => (now += 1));
  onTestFinished(() => spy.mockRestore());
  for (let data = 0; data < 3; data += 1) await client.publish("open:a", data);
  expect((await metricsOf(hub)).get("poorwill_hub_flush_lag_milliseconds")).toBeGreaterThan(0);
});

test("OPS-02: an alarm counts, and counting begins anew after sleep where nothing is reported", async () => {
  const hub = new TestHub({ name: `home/${freshChannel("open")}` });
  await hub.connect();
  await hub.runAlarm();
  expect((await metricsOf(hub)).get("poorwill_hub_alarms")).toBe(1);
  await hub.sleep();
  const metrics = await metricsOf(hub);
  expect([metrics.get("poorwill_hub_alarms"), metrics.get("centrifugo_node_num_clients")]).toEqual([0, 1]);
});

test("OPS-02: an edge hub is asked for by region and number", async () => {
  await new TestHub({ name: "edge/oc/3" }).connect();
  expect((await readMetrics("?region=oc&n=3")).get("centrifugo_node_num_clients")).toBe(1);
  expect((await readMetrics("?region=oc")).get("centrifugo_node_num_clients")).toBe(0);
});

test("OPS-01: the answer is Prometheus text, and every series in it is documented", async () => {
  const response = await askMetrics("?region=oc");
  expect(response.headers.get("Content-Type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const lines = (await response.text()).trimEnd().split("\n");
  for (const line of lines)
    expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [\d.]+)$/);
  const names = lines.filter((line) => !line.startsWith("#")).map((line) => /^\w+/.exec(line)?.[0] ?? "");
  expect(names.filter((name) => metricOf(name) === undefined)).toEqual([]);
});

test.each([
  ["no key", {}],
  ["a wrong key", { "X-API-Key": `${API_KEY}x` }],
])("OPS-03: %s is 401, whatever is asked", async (_, headers) => {
  for (const query of ["", "?region=oc", "?hub=nonsense"]) {
    expect((await askMetrics(query, headers)).status).toBe(401);
  }
});

test.each([
  "?hub=",
  "?hub=edge/oc/64",
  "?hub=home/",
  `?hub=home/${"x".repeat(256)}`,
  "?region=moon",
  "?region=oc&n=64",
  "?region=oc&n=-1",
])("OPS-03: %s is no hub: 400", async (query) => {
  expect((await askMetrics(query)).status).toBe(400);
});

test("OPS-03: without a directory there are no sums: 404", async () => {
  const response = await askMetrics();
  expect([response.status, await response.json()]).toMatchObject([404, { error: { code: "no_directory" } }]);
});
