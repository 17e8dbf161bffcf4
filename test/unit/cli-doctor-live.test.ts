import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { askLive } from "../../cli/doctor/live/ask-live.ts";
import { diagnoseLive, type LiveFacts } from "../../cli/doctor/live/diagnose-live.ts";
import { byCause, parseMetrics, totalOf } from "../../cli/doctor/live/samples.ts";
import { SHED } from "../../src/budget/levels.ts";
import { encodePrometheus } from "../../src/metrics/prometheus.ts";
import { VERSION } from "../../src/shared/version.ts";
import { hubOverview, NO_TOTALS } from "../support/overview.ts";

const BUILD = `centrifugo_node_build{version="${VERSION}"} 1`;

/** What is said of a gateway with these metrics, each finding as one text. */
function said(metrics: readonly string[], overview?: LiveFacts["overview"]): string[] {
  const samples = parseMetrics([BUILD, ...metrics].join("\n"));
  return diagnoseLive({ version: VERSION, samples, overview }).map(
    ({ status, about, says }) => `${status} ${about}: ${says}`,
  );
}

const awake = (cause: string, milliseconds: number) =>
  `poorwill_hub_awake_cause_milliseconds{cause="${cause}"} ${milliseconds}`;
const MINUTE = 60_000;

test("CLI-30: metrics are read as the gateway writes them", () => {
  const text = encodePrometheus({
    poorwill_hub_wakes: 3,
    'poorwill_room_awake_cause_milliseconds{kind="a\\"b",cause="message"}': 2,
    'poorwill_room_awake_cause_milliseconds{kind="a\\"b",cause="alarm:tick"}': 5,
  });
  const samples = parseMetrics(text);
  expect(totalOf(samples, "poorwill_hub_wakes")).toBe(3);
  expect(byCause(samples, "poorwill_room_awake_cause_milliseconds", 'a"b')).toEqual([
    ["alarm:tick", 5],
    ["message", 2],
  ]);
  expect(byCause(samples, "poorwill_room_awake_cause_milliseconds")).toEqual([]);
});

describe("CLI-30: what keeps objects awake", () => {
  test("nothing does", () => {
    expect(said([])).toEqual([
      `right version: ${VERSION}, as this command`,
      "right hubs: have slept all the time, as far as they have reported",
    ]);
  });

  test("each cause that counts is told, the largest first", () => {
    expect(
      said([awake("connect", MINUTE), awake("message", 8 * MINUTE), awake("close", MINUTE / 2)]).slice(1),
    ).toEqual([
      "advice hubs: 84 % of 9.5 min awake came from messages of clients",
      "advice hubs: 11 % of 9.5 min awake came from connections that open",
      "right hubs: sleep when nothing happens for 10 s",
    ]);
  });

  test("alarms that keep an object awake by themselves are wrong, and named", () => {
    expect(said([awake("message", 4 * MINUTE), awake("alarm:poll", 6 * MINUTE)])).toContain(
      "wrong hubs: 60 % of 10.0 min awake came from alarms for poll",
    );
    expect(said([awake("message", 6 * MINUTE), awake("alarm", 4 * MINUTE)])).toContain(
      "advice hubs: 40 % of 10.0 min awake came from alarms",
    );
  });

  test("what holds off sleep is wrong", () => {
    const kept = `poorwill_hub_kept_awake_milliseconds ${MINUTE}`;
    expect(said([awake("call", 2 * MINUTE), kept])).toContain(
      "wrong hubs: 60 s awake, 50 %, came when nothing had happened for 10 s: something had not ended",
    );
  });

  test("rooms are told by their kind, with what has failed in them", () => {
    const metrics = [
      'poorwill_room_awake_cause_milliseconds{kind="chat",cause="request"} 7200000',
      'poorwill_room_handler_errors{kind="chat"} 1200',
    ];
    expect(said(metrics).slice(2)).toEqual([
      "advice rooms of kind chat: 100 % of 2.0 h awake came from HTTP requests",
      "right rooms of kind chat: sleep when nothing happens for 10 s",
      "advice rooms of kind chat: their functions have failed 1,200 times",
    ]);
  });

  test("a cause of a later gateway is told by its name, and obeyed in nothing", () => {
    expect(said([awake("dream\x1b", MINUTE)])).toContain(
      "advice hubs: 100 % of 60 s awake came from dreamU+001B",
    );
  });
});

const restless = { awakeShare: 1, awake: 20 * MINUTE };

test("CLI-30: hubs that never sleep, are full or late, and failed recoveries are told", () => {
  const rates = { messagesReceived: 3.25, messagesSent: 0, publications: 1 };
  const overview = {
    kind: "snapshot",
    at: 0,
    moreHubs: 0,
    rooms: [],
    totals: { ...NO_TOTALS, recovered: 8, unrecovered: 2 },
    hubs: [
      hubOverview("home/a", { ...restless, sockets: 9, rates, wakes: { message: 30, call: 1 } }),
      hubOverview("home/b", { state: "full", sockets: 10_000 }),
      hubOverview("home/c", { state: "late", lag: 900 }),
    ],
  } as const;
  expect(said([], overview).slice(2)).toEqual([
    "advice hub home/a: awake all the time, with 9 sockets, 3.3 messages a second from clients, 1.0 publications a second; what wakes it most is messages of clients",
    "advice hub home/b: full, with 10,000 sockets",
    "advice hub home/c: late: its last flush by 900 ms",
    "advice recoveries: 2 of 10 could not bring everything",
  ]);
});

test("CLI-30: restless hubs are named up to a few", () => {
  const hubs = Array.from({ length: 20 }, (_, index) => hubOverview(`home/${index}`, restless));
  const lines = said([], { kind: "snapshot", at: 0, moreHubs: 0, rooms: [], totals: NO_TOTALS, hubs });
  expect(lines.filter((line) => line.startsWith("advice hub home/"))).toHaveLength(5);
  expect(lines).toContain("advice hubs: 20 of 20 never sleep");
});

test("CLI-30: a hub that has only just begun is not restless, and one that is kept awake is not woken", () => {
  const hubs = [
    hubOverview("edge/new/0", { awakeShare: 1, awake: MINUTE, wakes: { connect: 1 } }),
    hubOverview("edge/old/0", { ...restless, wakes: { connect: 1 } }),
  ];
  const lines = said([], { kind: "snapshot", at: 0, moreHubs: 0, rooms: [], totals: NO_TOTALS, hubs });
  expect(lines.filter((line) => line.includes("edge/"))).toEqual([
    "advice hub edge/old/0: awake all the time, with 0 sockets, 0.0 messages a second from clients, 0.0 publications a second",
  ]);
});

describe("CLI-32: what the day has cost of its budget is told", () => {
  const metrics = (spent: number, refused: readonly string[]) => [
    `poorwill_budget_dollars{of="spent"} ${spent}`,
    'poorwill_budget_dollars{of="budget"} 5',
    ...["anonymous", "connections"].map(
      (what) => `poorwill_budget_shed{what="${what}"} ${refused.includes(what) ? 1 : 0}`,
    ),
  ];

  test.each([
    [1.25, [], "right budget: $1.2500 of $5 spent today"],
    [5.25, [], "advice budget: $5.2500 of $5 spent today, and nothing is refused"],
    [
      5.75,
      ["anonymous", "connections"],
      "wrong budget: $5.7500 of $5 spent today, so these are refused until midnight UTC: connections without a user, all new connections",
    ],
  ])("%d of 5 dollars", (spent, refused, line) => {
    expect(said(metrics(spent, refused))).toContain(line);
  });

  test.each(SHED)("%s is told in words", (what) => {
    const [line = ""] = said([...metrics(6, []), `poorwill_budget_shed{what="${what}"} 1`]).filter((said) =>
      said.startsWith("wrong budget"),
    );
    expect(line.split("UTC: ")[1]).toMatch(/\w+ .*\w+/);
  });

  test("nothing without a budget", () => {
    expect(said([]).filter((line) => line.includes("budget"))).toEqual([]);
  });
});

test("CLI-30: another version than that of the command is told", () => {
  const samples = parseMetrics('centrifugo_node_build{version="9.9.9 Poorwill"} 1');
  expect(diagnoseLive({ version: VERSION, samples, overview: undefined })[0]).toMatchObject({
    status: "advice",
    says: `the gateway is 9.9.9 Poorwill, and this command ${VERSION}`,
  });
});

test.each(["<html>hello", "", '{"status":"ok"}', "some_metric 1"])(
  "CLI-30: what answers with %j is no gateway whose objects sleep",
  async (answer) => {
    const server = createServer((_, response) => void response.end(answer)).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await new Promise((listening) => server.once("listening", listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(askLive({ url, key: "k" })).rejects.toThrow(`${url}/metrics is not that of a gateway`);
  },
);
