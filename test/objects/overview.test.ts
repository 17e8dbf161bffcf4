import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, onTestFinished, test } from "vitest";
import { issueToken } from "../../src/api/operator-token.ts";
import { OVERVIEW_HOME } from "../../src/channels/overview.ts";
import type { Config } from "../../src/config/config.ts";
import { DIRECTORY_NAME, type Report } from "../../src/metrics/report.ts";
import { merge } from "../../src/overview/merge.ts";
import {
  OVERVIEW_CHANNEL,
  OVERVIEW_ENDPOINT,
  type OverviewChannels,
  type OverviewMessage,
  type OverviewSnapshot,
} from "../../src/overview/messages.ts";
import { stopClock } from "../support/clock.ts";
import { handshakeHeaders } from "../support/handshake-headers.ts";
import { HubClient } from "../support/hub-client.ts";
import { adjustHub, bindHub, configureHub, livesOf } from "../support/hub-config.ts";
import { captureLines } from "../support/log.ts";
import { reportOf } from "../support/reports.ts";
import { request } from "./api-client.ts";
import { GATEWAY } from "./client.ts";
import { enableDirectory } from "./observed.ts";
import { TestHub } from "./test-hub.ts";

const KEY = { name: "observer", key: "the observer's key", methods: ["observe"] };
const config: Config = { operations: { directory: true } };

configureHub(OVERVIEW_HOME, config);
bindHub(OVERVIEW_HOME, { OPERATOR_KEYS: JSON.stringify([KEY]) });

const fresh = () => env.DIRECTORY.getByName(crypto.randomUUID());
const directory = () => env.DIRECTORY.getByName(DIRECTORY_NAME);
const hubName = () => `home/open:${crypto.randomUUID()}`;
const withSockets = (sockets: number): Partial<Report> => ({
  gauges: { centrifugo_client_connections_inflight: sockets },
});

/** An overview as a page has it. */
class OpenOverview {
  readonly #client: HubClient;
  #seen: OverviewSnapshot | undefined;

  private constructor(client: HubClient) {
    this.#client = client;
  }

  static async open(): Promise<OpenOverview> {
    const response = await exports.default.fetch(GATEWAY + OVERVIEW_ENDPOINT, {
      headers: handshakeHeaders(),
    });
    const { webSocket, status } = response;
    if (webSocket === null) throw new Error(`refused with ${status}`);
    webSocket.accept();
    const client = new HubClient(webSocket);
    const { token } = await issueToken(KEY, Date.now());
    await client.ask("connect", { token });
    return new OpenOverview(client);
  }

  async next(): Promise<OverviewMessage> {
    const { data } = await this.#client.publication(OVERVIEW_CHANNEL);
    const message = data as OverviewMessage;
    this.#seen = merge(this.#seen, message);
    return message;
  }

  /** Waits until a hub is shown with so many sockets. */
  async shows(hub: string, sockets: number): Promise<void> {
    while (this.#seen?.hubs.find((each) => each.hub === hub)?.sockets !== sockets) await this.next();
  }

  async close(): Promise<void> {
    await this.#client.close(1000);
  }
}

describe("an open overview", () => {
  test("VIEW-06: shows what is there, and then what hubs report", async () => {
    enableDirectory();
    const [known, later] = [hubName(), hubName()];
    await directory().report(reportOf(known, withSockets(3)));
    const overview = await OpenOverview.open();
    expect((await overview.next()).kind).toBe("snapshot");
    await overview.shows(known, 3);
    await directory().report(reportOf(later, withSockets(5)));
    await overview.shows(later, 5);
    await overview.close();
  });

  test("VIEW-11: goes on when the directory has slept, and when its own hub has", async () => {
    enableDirectory();
    const overview = await OpenOverview.open();
    await overview.next();
    await evictDurableObject(directory());
    await evictDurableObject(env.HUB.getByName(OVERVIEW_HOME), { webSockets: "hibernate" });
    const hub = hubName();
    await directory().report(reportOf(hub, withSockets(2)));
    await overview.shows(hub, 2);
    await overview.close();
  });

  test("VIEW-06: is refused with 503 where too many are open, and is not opened on an edge hub", async () => {
    adjustHub(OVERVIEW_HOME, { capacity: 0 });
    onTestFinished(() => adjustHub(OVERVIEW_HOME, { capacity: 100 }));
    await expect(OpenOverview.open()).rejects.toThrow("refused with 503");
  });

  test("VIEW-06: a real hub is shown with its sockets", async () => {
    enableDirectory();
    const hub = new TestHub({ name: hubName(), config });
    await hub.connect();
    await hub.runAlarm();
    const overview = await OpenOverview.open();
    await overview.shows(hub.name, 1);
    await overview.close();
  });
});

test("VIEW-13: ten minutes of an open overview wake none of 50 hubs that sleep", async () => {
  captureLines();
  enableDirectory();
  const clock = stopClock();
  const sleeping = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const hub = new TestHub({ config });
      await hub.connect();
      await hub.runAlarm();
      await hub.sleep();
      return hub.name;
    }),
  );
  const before = sleeping.map(livesOf);
  const overview = await OpenOverview.open();
  const busy = hubName();
  for (let seconds = 25; seconds <= 600; seconds += 25) {
    clock.advance(25_000);
    await directory().report(reportOf(busy, withSockets(seconds)));
    await overview.shows(busy, seconds);
    await directory().overview();
  }
  await overview.close();
  expect(before.every((lives) => lives > 0)).toBe(true);
  expect(sleeping.map(livesOf)).toEqual(before);
});

describe("builds beside each other", () => {
  const OLD_TABLE = `CREATE TABLE hubs (hub TEXT PRIMARY KEY, version INTEGER NOT NULL, incarnation TEXT NOT NULL,
    woke INTEGER NOT NULL, expires INTEGER NOT NULL, earlier TEXT NOT NULL, counters TEXT NOT NULL,
    gauges TEXT NOT NULL) WITHOUT ROWID`;
  const OLD_SAVE =
    "INSERT OR REPLACE INTO hubs (hub, version, incarnation, woke, expires, earlier, counters, gauges) VALUES (?, 1, 'one', ?, ?, '{}', ?, '{}')";

  test("VIEW-12: what the build before has stored is read, and it stores over what this one has", async () => {
    const object = fresh();
    const now = Date.now();
    const saveAsBefore = (count: number) =>
      runInDurableObject(object, (_, { storage: { sql } }) => {
        sql.exec(OLD_SAVE, "home/old", now, now + 60_000, JSON.stringify({ poorwill_hub_wakes: count }));
      });
    await runInDurableObject(object, (_, { storage: { sql } }) => {
      sql.exec("DROP TABLE hubs");
      sql.exec(OLD_TABLE);
    });
    await saveAsBefore(1);
    await evictDurableObject(object);
    expect(await object.overview()).toMatchObject({
      hubs: [{ hub: "home/old", state: "ok", reportedAt: 0 }],
    });
    await object.report(reportOf("home/old", { counters: { poorwill_hub_wakes: 2 } }));
    expect((await object.overview()).hubs[0]?.reportedAt).toBeGreaterThanOrEqual(now);
    await saveAsBefore(3);
    await evictDurableObject(object);
    expect(await object.overview()).toMatchObject({ hubs: [{ hub: "home/old", reportedAt: 0 }] });
    expect(await object.samples()).toMatchObject({ poorwill_hub_wakes: 3 });
  });

  test("VIEW-12: the build before knows the form in which a hub of this build reports, and all that it stores of it", async () => {
    const reports: Report[] = [];
    const hub = new TestHub({
      name: hubName(),
      config,
      env: { DIRECTORY: { getByName: () => ({ report: async (report: Report) => reports.push(report) }) } },
    });
    await hub.connect();
    await hub.runAlarm();
    const [report] = reports;
    // It throws for another version.
    expect(report).toMatchObject({ version: 1, hub: hub.name, channels: [] });
    expect(report).toMatchObject({ wokeAt: expect.any(Number), expiresAt: expect.any(Number) });
    expect(report).toMatchObject({ counters: { poorwill_hub_wakes: 1 }, incarnation: expect.any(String) });
    expect(report?.gauges).toMatchObject({ centrifugo_client_connections_inflight: 1 });
  });

  test("VIEW-12: a hub of this build tells more than one of the build before, and both are shown", async () => {
    const object = fresh();
    await object.report(reportOf("home/old", withSockets(2)));
    await object.report(reportOf("edge/weur/0", { region: "weur", isFull: true, isLate: false }));
    const { hubs } = await object.overview();
    expect(hubs).toMatchObject([
      { hub: "home/old", state: "ok" },
      { hub: "edge/weur/0", region: "weur", state: "full" },
    ]);
    expect(hubs[0]).not.toHaveProperty("region");
  });
});

test("VIEW-05: channels of all hubs are listed by size, and those of an expired hub are not", async () => {
  const object = fresh();
  await object.report(
    reportOf("home/a", {
      channels: [
        ["a", 1],
        ["b", 2],
      ],
    }),
  );
  await object.report(reportOf("home/b", { channels: [["a", 2]] }));
  await object.report(reportOf("home/c", { channels: [["a", 9]], expiresAt: Date.now() }));
  expect(await object.largestChannels({ search: "", offset: 0, limit: 10 })).toEqual({
    channels: [
      { channel: "a", num_clients: 3 },
      { channel: "b", num_clients: 2 },
    ],
    total: 2,
    complete: true,
  });
});

describe("the API", () => {
  const bindings = { OPERATOR_KEYS: JSON.stringify([KEY]), API_KEY: "an old key" };
  const METHODS = ["overview", "overview_channels", "user_connections"];

  async function call(method: string, params: object, key = KEY.key) {
    const init = { headers: { "X-API-Key": key }, body: JSON.stringify(params) };
    const response = await request(`/api/${method}`, init, bindings);
    return (await response.json()) as {
      result?: OverviewSnapshot & OverviewChannels;
      error?: { code: number };
    };
  }

  test("VIEW-15: tells what the directory knows to a key with the right", async () => {
    enableDirectory();
    captureLines();
    const hub = hubName();
    const channel = hub.slice("home/".length);
    await directory().report(reportOf(hub, { ...withSockets(2), channels: [[channel, 2]] }));
    const { result } = await call("overview", {});
    expect(result?.hubs.find((each) => each.hub === hub)).toMatchObject({ sockets: 2 });
    expect(await call("overview_channels", { search: channel })).toEqual({
      result: { channels: [{ channel, num_clients: 2 }], total: 1, complete: true },
    });
    expect(await call("overview_channels", { search: channel, offset: 1 })).toMatchObject({
      result: { channels: [], total: 1 },
    });
    for (const limit of [0, 1_001])
      expect(await call("overview_channels", { limit })).toMatchObject({ error: { code: 107 } });
  });

  test("VIEW-15: without the directory it is error 108", async () => {
    const lines = captureLines();
    for (const method of ["overview", "overview_channels"])
      expect(await call(method, {})).toMatchObject({ error: { code: 108 } });
    expect(lines().map(({ why }) => why)).toEqual(Array(2).fill("operations.directory is off"));
  });

  test("VIEW-15: without the right it is error 103", async () => {
    enableDirectory();
    captureLines();
    for (const method of METHODS)
      expect(await call(method, { user: "ann" }, "an old key")).toMatchObject({ error: { code: 103 } });
  });
});
