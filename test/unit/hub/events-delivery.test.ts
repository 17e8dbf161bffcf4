import { describe, expect, test } from "vitest";
import { type BackendEvent, EVENT_KINDS } from "../../../src/channels/backend-event.ts";
import { EVENT_LIMITS } from "../../../src/shared/limits.ts";
import { stopClock } from "../../support/clock.ts";
import { Backend } from "../../support/fetched-backend.ts";
import { testSecrets } from "../../support/hub-config.ts";
import { captureErrors } from "../../support/log.ts";
import { ann, eventsOf, kindsOf, OK, telling, untilTold } from "../../support/node/telling-hub.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import { until } from "../../support/until.ts";

describe("delivery", () => {
  test("EVENT-06: what is not taken is stored and delivered again, in order, after sleep too", async () => {
    captureErrors();
    const clock = stopClock();
    const backend = new Backend(() => new Response(null, { status: 500 }));
    const hub = telling(backend, { kinds: ["connection.opened", "member.joined"] });
    const client = await hub.connect();
    await backend.untilAsked("/events");
    await client.subscribe("open:a");
    await until(async () => (await hub.rows("event_batches")).length === 2);
    await until(async () => (await hub.rows("event_batches"))[0]?.attempts === 1);
    await hub.sleep();
    backend.answer = OK;
    clock.advance(EVENT_LIMITS.firstRetry);
    await hub.runAlarm();
    await until(async () => (await hub.rows("event_batches")).length === 0);
    const [failed, again] = backend.bodies("/events").map(({ events }) => events as BackendEvent[]);
    expect(again?.map(({ kind }) => kind)).toEqual(["connection.opened", "member.joined"]);
    expect(again?.[0]).toEqual(failed?.[0]);
  });

  test("EVENT-06: each retry waits longer, and a dead webhook holds up no client", async () => {
    captureErrors();
    const clock = stopClock();
    const backend = new Backend(() => Promise.reject(new TypeError("connection refused")));
    const hub = telling(backend, { kinds: ["connection.opened"] });
    const client = await hub.connect();
    for (const [attempt, delay] of [1_000, 2_000, 4_000].entries()) {
      await until(async () => (await hub.rows("event_batches"))[0]?.attempts === attempt + 1);
      clock.advance(delay - 1);
      await hub.runAlarm();
      expect(backend.asked).toHaveLength(attempt + 1);
      clock.advance(1);
      await hub.runAlarm();
      await backend.untilAsked("/events", attempt + 2);
    }
    await client.publish("open:a", 1);
  });

  test("EVENT-07: events that are too old are dropped, and so are the oldest of too many", async () => {
    captureErrors();
    const clock = stopClock();
    const backend = new Backend(() => new Response(null, { status: 500 }));
    const hub = telling(backend, { kinds: ["connection.opened"] });
    await hub.connect();
    await until(async () => (await hub.rows("event_batches"))[0]?.attempts === 1);
    await hub.inside(({ storage }) => {
      for (let row = 0; row < 3; row += 1)
        storage.sql.exec(
          "INSERT INTO event_batches (version, time, count, events, attempts, due) VALUES (1, ?, 4000, '[]', 0, 0)",
          Date.now(),
        );
    });
    await hub.sleep();
    await hub.connect();
    // Of the five, the two oldest went, though it is not time to try again.
    await until(async () => (await hub.rows("event_batches")).length === 3);
    clock.advance(EVENT_LIMITS.age);
    await hub.runAlarm();
    await until(async () => (await hub.rows("event_batches")).length === 0);
  });

  test("EVENT-08: where a queue is bound, each flush is one message, and the webhook is not called", async () => {
    const messages: { events: BackendEvent[] }[] = [];
    Object.assign(testSecrets, {
      TEST_QUEUE: { send: async (message: { events: BackendEvent[] }) => void messages.push(message) },
    });
    const backend = new Backend(OK);
    const hub = telling(backend, { kinds: ["member.joined"], queue: "TEST_QUEUE" });
    const client = await hub.connect();
    client.send(...["a", "b", "c"].map((channel) => ({ subscribe: { channel: `large:${channel}` } })));
    await until(() => messages.flatMap(({ events }) => events).length === 3);
    expect(messages.length).toBeLessThanOrEqual(3);
    expect(backend.asked).toEqual([]);
    await until(async () => (await hub.rows("event_batches")).length === 0);
  });

  test("EVENT-08: a queue that refuses is tried again", async () => {
    captureErrors();
    const clock = stopClock();
    let sent = 0;
    Object.assign(testSecrets, {
      TEST_QUEUE: {
        send: async () => {
          sent += 1;
          if (sent === 1) throw new Error("queue is full");
        },
      },
    });
    const hub = telling(new Backend(OK), { kinds: ["connection.opened"], queue: "TEST_QUEUE" });
    await hub.connect();
    await until(async () => (await hub.rows("event_batches"))[0]?.attempts === 1);
    clock.advance(EVENT_LIMITS.firstRetry);
    await hub.runAlarm();
    await until(async () => (await hub.rows("event_batches")).length === 0);
    expect(sent).toBe(2);
  });
});

describe("what a crash has swallowed", () => {
  test("EVENT-09: members, connections and channels that are gone are found by the alarm, and then nothing is kept", async () => {
    const backend = new Backend(OK);
    const channel = `open:${crypto.randomUUID()}`;
    const home = telling(backend, {}, `home/${channel}`);
    const edge = telling(backend);
    const { client, connect } = await edge.connected(await ann());
    await client.subscribe(channel);
    const other = await home.connect();
    await other.subscribe(channel);
    await untilTold(backend, 5);
    const before = eventsOf(backend).find(
      ({ kind, client: id }) => kind === "member.joined" && id === connect.client,
    );
    await edge.crash();
    await home.crash();
    await edge.runAlarm();
    await home.runAlarm();
    await untilTold(backend, 10);
    const found = eventsOf(backend).slice(5);
    expect(found.map(({ kind }) => kind).sort()).toEqual([
      "channel.vacated",
      "connection.closed",
      "connection.closed",
      "member.left",
      "member.left",
    ]);
    const left = found.find(({ kind, client: id }) => kind === "member.left" && id === connect.client);
    expect(left).toMatchObject({ channel, user: "ann" });
    expect(left?.sequence).toBeGreaterThan(before?.sequence ?? 0);
    await until(async () => {
      await edge.runAlarm();
      return (await edge.tables()).length === 0;
    });
  });

  test("EVENT-09: a connection that is there is not told of twice, asleep or awake", async () => {
    const backend = new Backend(OK);
    const hub = telling(backend);
    const client = await hub.connect();
    await client.subscribe("open:a");
    await untilTold(backend, 2);
    await hub.runAlarm();
    await hub.sleep();
    await hub.runAlarm();
    const told = eventsOf(backend).filter(({ kind }) => kind !== "channel.occupied");
    expect(told.map(({ kind }) => kind)).toEqual(["connection.opened", "member.joined"]);
  });

  test("EVENT-01: the alarm finds channels of the namespaces that are named, and no others", async () => {
    const hub = telling(new Backend(OK), { kinds: ["channel.occupied"], namespaces: ["keep"] });
    const client = await hub.connect();
    for (const channel of ["keep:swept", "open:swept"]) await client.subscribe(channel);
    const occupied = async () => (await hub.rows("occupancy")).map(({ channel }) => channel);
    await until(async () => (await occupied()).length === 1);
    // What a crash leaves that came before the flush.
    await hub.inside(({ storage }) => void storage.sql.exec("DELETE FROM occupancy"));
    await hub.runAlarmOf(0);
    expect(await occupied()).toEqual(["keep:swept"]);
  });

  test("EVENT-09: a client that closes while its hub sleeps is told of once", async () => {
    const backend = new Backend(OK);
    const hub = telling(backend, { kinds: ["connection.closed", "member.left"] });
    const client = await hub.connect();
    await client.subscribe("open:a");
    await until(async () => (await hub.rows("roster")).length === 2);
    await hub.sleep();
    await client.close();
    await until(async () => {
      await hub.runAlarm();
      return (await hub.tables()).length === 0;
    });
    expect(kindsOf(backend).sort()).toEqual(["connection.closed", "member.left"]);
  });

  test("EVENT-10: with clients there, the sweep shares the wake of a ping", async () => {
    const backend = new Backend(OK);
    const events = { webhook: `${backend.address}/events`, kinds: EVENT_KINDS };
    const hub = new TestHub({ config: { events, connection: { pong: false, pingInterval: 25 } } });
    const clock = stopClock();
    await (await hub.connect()).subscribe("large:a");
    await untilTold(backend, 2);
    await until(async () => (await hub.rows("event_batches")).length === 0);
    const times: number[] = [];
    for (let beat = 0; beat < 5; beat += 1) {
      const time = (await hub.alarm()) ?? 0;
      times.push(time);
      clock.advance(time - Date.now());
      await hub.runAlarm();
    }
    // The first one looks whether the client has connected.
    const gaps = times.slice(2).map((time, index) => time - (times[index + 1] ?? 0));
    expect(gaps).toEqual([25_000, 25_000, 25_000]);
  });
});
