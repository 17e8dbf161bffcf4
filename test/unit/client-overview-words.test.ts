import { expect, test } from "vitest";
import { ACTIONS, findProblem, paramsOf, toFieldTime } from "../../src/client/overview/actions.ts";
import { readAnswer } from "../../src/client/overview/api-answer.ts";
import {
  describeFailure,
  describeSignInFailure,
  USER_COMMANDS_OFF,
} from "../../src/client/overview/failure-words.ts";
import { formatCount, formatDuration, formatMany, formatRate } from "../../src/client/overview/formats.ts";
import { arrangeHubs, hubFacts } from "../../src/client/overview/hubs.ts";
import { missingRight } from "../../src/client/overview/notice-words.ts";
import {
  errorTallies,
  recoveryTallies,
  refusalTallies,
  roomTallies,
} from "../../src/client/overview/tallies.ts";
import { hubsOf, snapshotOf, totalsOf } from "../support/made-up-overview.ts";

const NOW = 1_800_000_000_000;
const hubs = hubsOf(6, NOW);
const nameOf = ({ hub }: { readonly hub: string }) => hub;

test("PAGE-55: hubs are found by name and region, and listed by what was chosen", () => {
  expect(arrangeHubs(hubs, "", "sockets").map(nameOf)).toEqual(hubs.map(nameOf));
  expect(arrangeHubs(hubs, " CHAT:", "name").map(nameOf)).toEqual([
    "home/chat:1",
    "home/chat:2",
    "home/chat:4",
    "home/chat:5",
  ]);
  expect(arrangeHubs(hubs, "apac", "channels").map(nameOf)).toEqual(["home/chat:5", "home/chat:2"]);
  expect(arrangeHubs(hubs, "", "awake").map(nameOf)[0]).toBe("home/chat:5");
  expect(arrangeHubs(hubs, "", "messages").map(nameOf)[0]).toBe("edge/weur/0");
});

test("PAGE-55: a hub is told with what keeps it awake, and with how old that is", () => {
  const [first] = hubs;
  const facts = Object.fromEntries(first ? hubFacts(first, NOW) : []);
  expect(facts).toMatchObject({
    State: "takes newcomers",
    Region: "weur",
    Sockets: "240, 240 connected",
    Messages: "2.4/s in, 24/s out",
    Awake: "0% lately, 1 h in all",
    "Woken by": "message 4,000, alarm 900, call 120, connect 60, close 40",
    Woke: "15 min ago",
    Reported: "2 s ago",
  });
});

test("PAGE-55: codes and reasons come with words, the most frequent first, and with what came since", () => {
  const before = { ...totalsOf(hubs), errors: { 103: 400 }, refusals: {}, recovered: 51_870 };
  const now = totalsOf(hubs);
  const errors = errorTallies(now, before);
  expect(errors[0]).toEqual({
    label: "3005 connection expired",
    count: 1_204,
    added: 0,
    meaning: "The connection token ran out and was not renewed.",
  });
  expect(errors.map(({ label, added }) => [label, added])).toContainEqual(["103 permission denied", 12]);
  expect(errors.map(({ label }) => label)).toContain("2500 insufficient state");
  expect(refusalTallies(now, before)[0]).toMatchObject({ label: "origin_refused", count: 213, added: 213 });
  expect(refusalTallies({ ...now, refusals: { of_a_later_build: 1 } }, before)[0]?.meaning).toBe("");
  expect(recoveryTallies(now, before).map(({ added }) => added)).toEqual([7, 0]);
});

test("PAGE-55: rooms are told by kind, with what woke them", () => {
  const { rooms } = snapshotOf(hubs, NOW);
  const [chat, cursors] = rooms;
  const before = rooms.map((room) => ({ ...room, messagesReceived: 8_000 }));
  expect(roomTallies(rooms, before)).toMatchObject([
    { label: chat?.kind, count: 9_000, added: 1_000 },
    { label: cursors?.kind, count: 9_000, added: 1_000 },
  ]);
  expect(roomTallies(rooms, before).map(({ meaning }) => meaning)).toEqual([
    "410 connections · 120,000 messages out · 2 h awake · woken by message 6,020, alarm 31",
    "96 connections · 120,000 messages out · 2 h awake · woken by message 41,000 · 3 handler errors",
  ]);
});

test.each([
  [0, "0", "0/s"],
  [0.25, "0.3", "0.3/s"],
  [9, "9", "9/s"],
  [1234.5, "1,235", "1,235/s"],
])("PAGE-55: %d is written as %s", (value, count, rate) => {
  expect([formatCount(value), formatRate(value)]).toEqual([count, rate]);
});

test.each([
  [-5, "0 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [7_200_000, "2 h"],
  [172_800_000, "2 d"],
])("PAGE-55: %d ms are %s", (milliseconds, words) => {
  expect(formatDuration(milliseconds)).toBe(words);
});

test("PAGE-55: one is not many", () => {
  expect([formatMany(1, "hub"), formatMany(2, "hub"), formatMany(2, "push", "pushes")]).toEqual([
    "1 hub",
    "2 hubs",
    "2 pushes",
  ]);
});

test.each([
  [0, undefined, "", "the gateway did not answer. Is it there?"],
  [401, undefined, "unauthorized", "the gateway does not know this key, or it has no such right any more."],
  [404, undefined, "", "this gateway is older than the page: it has no such method."],
  [429, undefined, "", "too many requests with this key. Wait a minute, and try again."],
  [503, undefined, "busy", "the gateway answered 503: busy"],
  [200, 103, "permission denied", "103 permission denied. This key may not do it."],
  [
    200,
    100,
    "internal server error",
    "100 internal server error. The gateway failed. Trying again may help.",
  ],
  [200, 108, "turn user commands on", "108 turn user commands on"],
])("PAGE-54: a failure of status %i and code %s is told in words", (status, code, message, words) => {
  const failure = { status, message, ...(code !== undefined && { code }) };
  expect(describeFailure("sign in", failure)).toBe(`Could not sign in: ${words}`);
});

test("PAGE-57: what is off is told with what turns it on, and nothing else is taken for that", () => {
  const off = { status: 200, code: 108, message: "not available" };
  expect(describeFailure("look the user up", off, USER_COMMANDS_OFF)).toBe(
    "Could not look the user up: user commands are off. The configuration needs connection: { userCommands: true }.",
  );
  expect(describeFailure("publish", off)).toMatch(/108 not available/);
  expect(describeFailure("look the user up", { ...off, code: 103 }, USER_COMMANDS_OFF)).toMatch(/103/);
});

test("PAGE-54: a key without a right is told what its methods must name", () => {
  expect(describeSignInFailure({ status: 200, code: 103, message: "permission denied" })).toMatch(
    /^This key has no right: .* observe, operate or trace\.$/,
  );
  expect(describeSignInFailure({ status: 429, message: "" })).toMatch(/^Could not sign in: too many/);
});

test("PAGE-54: a key that may not look is told what it may", () => {
  expect(missingRight(["observe", "trace"])).toBeUndefined();
  const text = missingRight(["operate", "trace"])?.text;
  expect(text).toMatch(/^It may only operate and trace\. .* name observe\.$/);
});

test("PAGE-54: an answer of the API is a result, an error, or no answer of it", () => {
  expect(readAnswer(200, '{"result":{"a":1}}')).toEqual({ result: { a: 1 } });
  expect(readAnswer(200, '{"error":{"code":103,"message":"permission denied"}}')).toEqual({
    failure: { status: 200, code: 103, message: "permission denied" },
  });
  expect(readAnswer(401, "unauthorized")).toEqual({ failure: { status: 401, message: "unauthorized" } });
  expect(readAnswer(502, `<html>${"x".repeat(1_000)}`)).toMatchObject({ failure: { status: 502 } });
  expect(readAnswer(200, "{}")).toEqual({ failure: { status: 200, message: "{}" } });
});

test("PAGE-58: what is typed is sent with its digits, and what is left empty is not sent", () => {
  expect(paramsOf(ACTIONS.publish, { channel: 'a"b', data: '{"n":9007199254740993}' })).toBe(
    '{"channel":"a\\"b","data":{"n":9007199254740993}}',
  );
  expect(paramsOf(ACTIONS.disconnect, { user: "42", client: "" })).toBe('{"user":"42"}');
  expect(paramsOf(ACTIONS.block_user, { user: "42", until: toFieldTime(new Date(NOW)) })).toBe(
    `{"user":"42","until":${NOW / 1_000}}`,
  );
});

test("PAGE-58: a field that must be filled in, JSON that is none, and a time that is none are told", () => {
  const [channel, data] = ACTIONS.publish.fields;
  const [, until] = ACTIONS.block_user.fields;
  const [, client] = ACTIONS.disconnect.fields;
  expect(channel && findProblem(channel, "", NOW)).toBe("Channel is missing.");
  expect(data && findProblem(data, "{oops", NOW)).toMatch(/^Not JSON: /);
  expect(data && findProblem(data, "1", NOW)).toBeUndefined();
  expect(until && findProblem(until, "tomorrow", NOW)).toBe("Until is no time.");
  const inDays = (days: number) => toFieldTime(new Date(NOW + days * 86_400_000));
  expect(until && findProblem(until, inDays(-1), NOW)).toBe("Until is over already.");
  expect(until && findProblem(until, inDays(367), NOW)).toBe("Until is more than 366 days from now.");
  expect(until && findProblem(until, inDays(365), NOW)).toBeUndefined();
  expect(client && findProblem(client, "", NOW)).toBeUndefined();
});
