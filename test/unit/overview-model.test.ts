import { describe, expect, it } from "vitest";
import { activityBetween, NO_RATES } from "../../src/overview/activity.ts";
import { Overview } from "../../src/overview/overview.ts";
import { parseSeries } from "../../src/overview/series.ts";
import { OVERVIEW_LIMITS } from "../../src/shared/limits.ts";
import { keptReport } from "../support/overview.ts";
import { reportOf } from "../support/reports.ts";

const PUBLICATIONS = 'centrifugo_node_messages_received_count{type="publication"}';

const withSockets = (sockets: number) => ({ gauges: { centrifugo_client_connections_inflight: sockets } });
const namesOf = (hubs: readonly { readonly hub: string }[]) => hubs.map(({ hub }) => hub);

describe("what happened between two reports", () => {
  it("VIEW-02: rates are the counts since the report before, in a second", () => {
    const before = {
      incarnation: "one",
      reportedAt: 10_000,
      counters: { [PUBLICATIONS]: 5, poorwill_hub_awake_milliseconds: 1_000 },
    };
    const report = reportOf("home/a", {
      incarnation: "one",
      wokeAt: 0,
      counters: {
        [PUBLICATIONS]: 45,
        poorwill_hub_awake_milliseconds: 3_000,
        centrifugo_transport_messages_received: 80,
        centrifugo_transport_messages_sent: 4,
      },
    });
    expect(activityBetween(before, report, 18_000)).toEqual({
      rates: { messagesReceived: 10, messagesSent: 0.5, publications: 5 },
      awakeShare: 0.25,
    });
  });

  it("VIEW-02: a hub that has slept since counts from its wake on, and its sleep counts as not awake", () => {
    const before = { incarnation: "one", reportedAt: 0, counters: { [PUBLICATIONS]: 1_000 } };
    const report = reportOf("home/a", {
      incarnation: "two",
      wokeAt: 72_000,
      counters: { [PUBLICATIONS]: 16, poorwill_hub_awake_milliseconds: 8_000 },
    });
    expect(activityBetween(before, report, 80_000)).toMatchObject({
      rates: { publications: 2 },
      awakeShare: 0.1,
    });
  });

  it("VIEW-02: a first report, and one at the moment of the wake, divide by no zero", () => {
    const report = reportOf("home/a", { wokeAt: 5_000, counters: { [PUBLICATIONS]: 3 } });
    expect(activityBetween(undefined, report, 5_000)).toEqual({ rates: NO_RATES, awakeShare: 0 });
    expect(activityBetween(undefined, report, 6_000)).toMatchObject({ rates: { publications: 3 } });
  });
});

describe("a snapshot", () => {
  it("VIEW-02: tells of each hub what it has reported, and of all together", () => {
    const overview = new Overview({ 'centrifugo_client_num_reply_errors{code="103"}': 1 });
    overview.take(
      keptReport("edge/weur/0", {
        region: "weur",
        state: "late",
        rates: { messagesReceived: 1, messagesSent: 2, publications: 3 },
        gauges: {
          centrifugo_client_connections_inflight: 10,
          centrifugo_node_num_clients: 9,
          centrifugo_node_num_users: 8,
          centrifugo_node_num_subscriptions: 7,
          centrifugo_node_num_channels: 6,
          poorwill_hub_flush_lag_milliseconds: 5,
          poorwill_hub_memory_bytes: 4,
        },
        counted: {
          'centrifugo_client_num_reply_errors{code="103"}': 2,
          'centrifugo_client_recover{recovered="yes"}': 4,
          'centrifugo_client_recover{recovered="no"}': 1,
          'poorwill_hub_wake_causes{cause="message"}': 3,
          poorwill_hub_awake_milliseconds: 99,
        },
      }),
    );
    overview.take(
      keptReport("home/a", {
        rates: { messagesReceived: 1, messagesSent: 1, publications: 1 },
        ...withSockets(2),
      }),
    );
    const snapshot = overview.snapshot(2_000);
    expect(snapshot.hubs[0]).toEqual({
      ...{ hub: "edge/weur/0", region: "weur", state: "late", sockets: 10, clients: 9, users: 8 },
      ...{ subscriptions: 7, channels: 6, lag: 5, memory: 4, awakeShare: 0, awake: 99, wokeAt: 0 },
      rates: { messagesReceived: 1, messagesSent: 2, publications: 3 },
      wakes: { message: 3 },
      reportedAt: 1_000,
    });
    expect(snapshot).toMatchObject({ kind: "snapshot", at: 2_000, moreHubs: 0 });
    expect(snapshot.totals).toMatchObject({
      ...{ hubs: 2, sockets: 12, clients: 9, recovered: 4, unrecovered: 1, awake: 99 },
      rates: { messagesReceived: 2, messagesSent: 3, publications: 4 },
      errors: { "103": 3 },
    });
  });

  it("VIEW-02: what the Worker and the rooms count is summed, and is no hub", () => {
    const overview = new Overview({});
    overview.take(
      keptReport("worker", { counted: { 'poorwill_worker_refusals{code="origin_refused"}': 2 } }),
    );
    overview.take(
      keptReport("room/chat", {
        counted: {
          'poorwill_room_connections{kind="chat"}': 5,
          'poorwill_room_handler_errors{kind="chat"}': 1,
          'poorwill_room_wake_causes{kind="chat",cause="message"}': 4,
          'poorwill_room_wake_causes{kind="chat",cause="alarm"}': 2,
        },
      }),
    );
    const { hubs, totals, rooms } = overview.snapshot(2_000);
    expect(hubs).toEqual([]);
    expect(totals).toMatchObject({ hubs: 0, refusals: { origin_refused: 2 } });
    expect(rooms).toEqual([
      {
        ...{ kind: "chat", connections: 5, messagesReceived: 0, messagesSent: 0, errors: 1, awake: 0 },
        wakes: { message: 4, alarm: 2 },
      },
    ]);
  });

  it("VIEW-03: lists the largest hubs, and counts the others", () => {
    const overview = new Overview({});
    const more = 5;
    for (let index = 0; index < OVERVIEW_LIMITS.hubs + more; index += 1)
      overview.take(keptReport(`home/${index}`, withSockets(index)));
    const snapshot = overview.snapshot(2_000);
    expect(snapshot.hubs).toHaveLength(OVERVIEW_LIMITS.hubs);
    expect(snapshot.hubs[0]?.sockets).toBe(OVERVIEW_LIMITS.hubs + more - 1);
    expect(snapshot).toMatchObject({ moreHubs: more, totals: { hubs: OVERVIEW_LIMITS.hubs + more } });
  });

  it("VIEW-03: a hub without sockets is shown for a while after its report, one with sockets until it expires", () => {
    const overview = new Overview({});
    overview.take(keptReport("home/quiet", { expiresAt: 1_000 }));
    overview.take(keptReport("home/full", { expiresAt: 76_000 }));
    expect(namesOf(overview.snapshot(1_000 + OVERVIEW_LIMITS.shownFor - 1).hubs)).toHaveLength(2);
    expect(namesOf(overview.snapshot(1_000 + OVERVIEW_LIMITS.shownFor).hubs)).toEqual(["home/full"]);
    expect(overview.snapshot(76_000).hubs).toEqual([]);
  });
});

describe("changes", () => {
  it("VIEW-04: are the hubs that have reported since, and those that are gone", () => {
    const overview = new Overview({});
    overview.take(keptReport("home/a", { expiresAt: 50_000 }));
    overview.take(keptReport("home/b"));
    overview.snapshot(2_000);
    expect(namesOf(overview.changes(2_000).hubs)).toEqual(["home/a", "home/b"]);
    expect(overview.changes(3_000)).toMatchObject({ hubs: [], gone: [] });
    overview.take(keptReport("home/b", { reportedAt: 4_000, ...withSockets(3) }));
    expect(overview.changes(5_000)).toMatchObject({
      ...{ kind: "changes", at: 5_000, gone: [], totals: { sockets: 3 } },
      hubs: [{ hub: "home/b", sockets: 3 }],
    });
    expect(overview.changes(50_000)).toMatchObject({ hubs: [], gone: ["home/a"] });
    expect(overview.changes(51_000)).toMatchObject({ hubs: [], gone: [] });
  });

  it("VIEW-04: a hub that only a later snapshot has shown is told as gone too", () => {
    const overview = new Overview({});
    overview.changes(1_000);
    overview.take(keptReport("home/a", { expiresAt: 2_000 }));
    overview.snapshot(2_000);
    expect(overview.changes(1_000 + OVERVIEW_LIMITS.shownFor).gone).toEqual(["home/a"]);
  });

  it("VIEW-04: a hub that takes the place of a larger one that went is told whole", () => {
    const overview = new Overview({});
    overview.take(keptReport("home/large", { expiresAt: 50_000, ...withSockets(9) }));
    for (let index = 0; index < OVERVIEW_LIMITS.hubs; index += 1)
      overview.take(keptReport(`home/${String(index).padStart(4, "0")}`, withSockets(1)));
    overview.changes(2_000);
    const { hubs, gone, moreHubs } = overview.changes(50_000);
    expect([namesOf(hubs), gone, moreHubs]).toEqual([["home/0999"], ["home/large"], 0]);
  });
});

describe("the names of series", () => {
  it.each([
    ["poorwill_hub_wakes", { metric: "poorwill_hub_wakes", labels: {} }],
    ['a{b="c"}', { metric: "a", labels: { b: "c" } }],
    ['a{b="c",d="e,}"}', { metric: "a", labels: { b: "c", d: "e,}" } }],
    ['a{b="\\"\\\\n\\n"}', { metric: "a", labels: { b: '"\\n\n' } }],
  ])("VIEW-02: %s", (series, parsed) => {
    expect(parseSeries(series)).toEqual(parsed);
  });
});
