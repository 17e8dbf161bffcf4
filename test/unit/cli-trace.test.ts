import { expect, test } from "vitest";
import { traceLine } from "../../cli/trace/line.ts";
import type { TraceLine } from "../../src/trace/messages.ts";

const AT = Date.UTC(2026, 0, 1, 12, 34, 56, 789);
const HUB = "edge/weur/0";
const CLIENT = "6a3c0f0e-1111-2222-3333-444444444444";

test.each<[string, object]>([
  [
    "-- tracing user ann until 12:34:56.789 at 2 hubs",
    { line: "start", target: { user: "ann" }, payloads: false, until: AT, rate: 100, hubs: [HUB, "home/a"] },
  ],
  [
    "12:34:56.789  edge/weur/0  6a3c0f0e  ann  subscribe  #2  news",
    {
      line: "event",
      hub: HUB,
      at: AT,
      event: "subscribe",
      id: 2,
      channel: "news",
      client: CLIENT,
      user: "ann",
    },
  ],
  [
    "12:34:56.789  edge/weur/0  6a3c0f0e  ann  error  #2  news  code 103  (7 pushes, 1 ping before)",
    {
      line: "event",
      hub: HUB,
      at: AT,
      event: "error",
      id: 2,
      channel: "news",
      client: CLIENT,
      user: "ann",
      code: 103,
      pushes: 7,
      pings: 1,
    },
  ],
  [
    '12:34:56.789  edge/weur/0  to 3 subscribers  publication  news  offset 4  from 6a3c0f0e  {"n":12345678901234567890}',
    {
      line: "event",
      hub: HUB,
      at: AT,
      event: "publication",
      channel: "news",
      subscribers: 3,
      offset: 4,
      from: CLIENT,
      data: "DATA",
    },
  ],
  [
    "12:34:56.789  edge/weur/0  6a3c0f0e  aU+001B[2J\\n  message  1 byte",
    { line: "event", hub: HUB, at: AT, event: "message", client: CLIENT, user: "a\x1b[2J\n", size: 1 },
  ],
  [
    "12:34:56.789  edge/weur/0  6a3c0f0e  failure  in message",
    { line: "event", hub: HUB, at: AT, event: "failure", client: CLIENT, in: "message" },
  ],
  [
    '12:34:56.789  edge/weur/0  6a3c0f0e  publish  #1  news  "abc"  (cut)',
    {
      line: "event",
      hub: HUB,
      at: AT,
      event: "publish",
      client: CLIENT,
      id: 1,
      channel: "news",
      data: "abc",
      dataIs: "cut",
    },
  ],
  [
    "-- tracing channel news until 12:34:56.789 at 1 hub, and not at 3 more",
    {
      line: "start",
      target: { channel: "news" },
      payloads: true,
      until: AT,
      rate: 1,
      hubs: [HUB],
      untraced: 3,
    },
  ],
  ["-- home/a has as many traces as it takes", { line: "hub", hub: "home/a", state: "busy" }],
  ["-- home/a left out 12 events: more than --rate", { line: "dropped", hub: "home/a", count: 12 }],
  ["-- ended after 1,200 events: its time is over", { line: "end", why: "time", events: 1200 }],
  ['-- {"line":"of a later gateway"}', { line: "of a later gateway" }],
])("CLI-31: %s", (expected, line) => {
  const text = JSON.stringify(line).replace('"DATA"', '{"n":12345678901234567890}');
  expect(traceLine(JSON.parse(text) as TraceLine, text)).toBe(expected);
});
