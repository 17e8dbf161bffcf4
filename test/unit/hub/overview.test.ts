import { beforeEach, describe, expect, test } from "vitest";
import { observerTokens } from "../../../src/api/observer-tokens.ts";
import { issueToken } from "../../../src/api/operator-token.ts";
import { OVERVIEW_CHANNEL, OVERVIEW_HOME } from "../../../src/channels/overview.ts";
import type { OverviewSnapshot } from "../../../src/overview/messages.ts";
import { OPERATOR_TOKEN_LIMITS } from "../../../src/shared/limits.ts";
import { stopClock } from "../../support/clock.ts";
import type { ConnectBody, HubClient } from "../../support/hub-client.ts";
import { configureHub, holdOverviews } from "../../support/hub-config.ts";
import { captureErrors, captureLines } from "../../support/log.ts";
import { stubOf } from "../../support/node/object.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import { NO_TOTALS } from "../../support/overview.ts";

const observer = { name: "observer", key: "the observer's key", methods: ["observe"] };
const actor = { name: "actor", key: "the actor's key", methods: ["operate", "trace"] };
const OPERATOR_KEYS = JSON.stringify([observer, actor]);
const VERSION = 2;

const SNAPSHOT: OverviewSnapshot = {
  ...{ kind: "snapshot", at: 1, totals: NO_TOTALS, moreHubs: 0, rooms: [], hubs: [] },
};

/** What the directory answers, where there is one. */
let directory: { watch(): Promise<OverviewSnapshot> } | undefined;
let hub: TestHub;

beforeEach(() => {
  directory = { watch: async () => SNAPSHOT };
  // A hub of this name lives on through all tests of the file: its memory does not.
  hub = new TestHub({ name: OVERVIEW_HOME });
  holdOverviews(OVERVIEW_HOME, {
    tokens: observerTokens({ OPERATOR_KEYS }),
    get directory() {
      return directory;
    },
  });
  return () => hub.crash();
});

const tokenOf = async (key = observer, now = Date.now()) => (await issueToken(key, now)).token;

async function open(): Promise<{ readonly client: HubClient; readonly connect: ConnectBody }> {
  return hub.connected({ token: await tokenOf() });
}

function publish(data: unknown, channel = OVERVIEW_CHANNEL) {
  const publication = { data: JSON.stringify(data), info: undefined, tags: undefined };
  return stubOf(OVERVIEW_HOME).publish({
    ...{ version: VERSION, hub: "" },
    submissions: [{ kind: "publication", channel, publication, skipHistory: true }],
  });
}

/** The data of the next publication. */
const next = async (client: HubClient) => (await client.publication(OVERVIEW_CHANNEL)).data;

describe("an overview that is opened", () => {
  test("VIEW-06: an operator's token subscribes it, and the snapshot is its first publication", async () => {
    const { client, connect } = await open();
    expect(connect).toMatchObject({ expires: true, subs: { [OVERVIEW_CHANNEL]: {} } });
    expect(await next(client)).toEqual(SNAPSHOT);
  });

  test("VIEW-06: what the directory publishes follows, also after a sleep", async () => {
    const { client } = await open();
    await next(client);
    expect(await publish({ a: 1 })).toMatchObject([{ subscribers: 1 }]);
    expect(await next(client)).toEqual({ a: 1 });
    await hub.sleep();
    await publish({ a: 2 });
    expect(await next(client)).toEqual({ a: 2 });
  });

  test("VIEW-06: the directory is told when nobody looks any more", async () => {
    const { client } = await open();
    await client.close(1000);
    await hub.untilEmpty();
    expect(await publish({ a: 1 })).toEqual([{ offset: 0, epoch: "" }]);
  });

  test("VIEW-06: without a directory it is closed with 3508, and with 3004 where the directory does not answer", async () => {
    captureLines();
    const errors = captureErrors();
    directory = undefined;
    expect((await (await open()).client.closed).code).toBe(3508);
    await hub.crash();
    directory = { watch: () => Promise.reject(new Error("gone")) };
    expect((await (await open()).client.closed).code).toBe(3004);
    expect(errors()).toMatchObject([{ event: "hub.overview_failed", message: "gone" }]);
  });
});

describe("who may open one", () => {
  test.each([
    ["a key without the right", () => tokenOf(actor), 3500],
    ["a key that is gone", () => tokenOf({ ...observer, key: "another" }), 3500],
    ["no operator", async () => "a.b.c", 3500],
    ["nobody", async () => "", 3501],
  ])("VIEW-07: a token of %s is refused", async (_, token, code) => {
    captureLines();
    const client = await hub.open();
    void client.request("connect", { token: await token() }).catch(() => {});
    expect((await client.closed).code).toBe(code);
  });

  test("VIEW-07: one that has expired is error 109, so that the client gets a new one", async () => {
    const client = await hub.open();
    const token = await tokenOf(observer, Date.now() - OPERATOR_TOKEN_LIMITS.lifetime);
    expect(await client.codeOf("connect", { token })).toBe(109);
  });

  test("VIEW-07: no hook is asked, and no backend told", async () => {
    const asked: string[] = [];
    configureHub(OVERVIEW_HOME, {
      hooks: {
        connect: async () => {
          asked.push("connect");
          return { user: "ann" };
        },
      },
      connection: { personalChannel: { enabled: true }, insecure: true },
    });
    captureLines();
    const client = await hub.open();
    void client.request("connect", {}).catch(() => {});
    expect((await client.closed).code).toBe(3501);
    expect(asked).toEqual([]);
  });
});

describe("what the connection may do", () => {
  test.each([
    ["subscribe", { channel: "open:a" }],
    ["subscribe", { channel: OVERVIEW_CHANNEL }],
    ["publish", { channel: OVERVIEW_CHANNEL, data: 1 }],
    ["publish", { channel: "open:a", data: 1 }],
    ["presence", { channel: OVERVIEW_CHANNEL }],
    ["presence_stats", { channel: "open:a" }],
    ["history", { channel: OVERVIEW_CHANNEL }],
    ["unsubscribe", { channel: OVERVIEW_CHANNEL }],
    ["sub_refresh", { channel: OVERVIEW_CHANNEL, token: "t" }],
    ["rpc", { method: "m", data: 1 }],
  ])("VIEW-08: %s %j is error 103", async (command, body) => {
    const { client } = await open();
    expect(await client.codeOf(command, body)).toBe(103);
  });

  test("VIEW-08: a new token goes on where the old one ends, and without one it is closed", async () => {
    const clock = stopClock();
    const { client, connect } = await open();
    expect(connect.ttl).toBe(OPERATOR_TOKEN_LIMITS.lifetime / 1000);
    clock.advance(OPERATOR_TOKEN_LIMITS.lifetime / 2);
    const refreshed = await client.ask("refresh", { token: await tokenOf() });
    expect(refreshed).toMatchObject({ expires: true, ttl: OPERATOR_TOKEN_LIMITS.lifetime / 1000 });
    await hub.pass(clock, OPERATOR_TOKEN_LIMITS.lifetime / 2000);
    await publish({ a: 1 });
    await next(client);
    expect(await next(client)).toEqual({ a: 1 });
    await hub.pass(clock, OPERATOR_TOKEN_LIMITS.lifetime / 1000);
    expect((await client.closed).code).toBe(3005);
  });

  test("VIEW-08: a new token of a key without the right closes it", async () => {
    const { client } = await open();
    void client.request("refresh", { token: await tokenOf(actor) }).catch(() => {});
    expect((await client.closed).code).toBe(3500);
  });
});

describe("everywhere else", () => {
  test("VIEW-09: nobody can name the channel, and no operator's token is taken", async () => {
    captureLines();
    const other = new TestHub();
    const client = await other.connect();
    for (const command of ["subscribe", "publish", "presence", "history"])
      expect(await client.codeOf(command, { channel: OVERVIEW_CHANNEL, data: 1 })).toBe(107);
    const operator = await other.open();
    void operator.request("connect", { token: await tokenOf() }).catch(() => {});
    expect((await operator.closed).code).toBe(3500);
  });
});
