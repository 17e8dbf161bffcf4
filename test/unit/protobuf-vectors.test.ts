import { describe, expect, test } from "vitest";
import type { Command, Push, Reply, SubscribeResult } from "../../src/protocol/messages.ts";
import { protobufCodec } from "../../src/protocol/protobuf/codec.ts";
import { wirePublication } from "../../src/protocol/wire-publication.ts";
import { ERRORS } from "../../src/shared/codes.ts";
import { readHex, writeHex } from "../support/protobuf/other-library.ts";

/** What the gateway reads, and what it makes of it. Written by the other library. */
const COMMANDS: readonly (readonly [name: string, message: object, command: Command])[] = [
  [
    "connect",
    {
      id: 1,
      connect: {
        ...{ token: "a.b.c", data: '{"n":1.50}', name: "js", version: "5.8.0", headers: { "x-a": "ü" } },
        subs: { "news:a": { recover: true, offset: 7, epoch: "e" }, "news:b": { offset: 1 } },
      },
    },
    {
      ...{ kind: "connect", id: 1, token: "a.b.c", data: '{"n":1.50}', name: "js", version: "5.8.0" },
      ...{ headers: new Map([["x-a", "ü"]]), subs: new Map([["news:a", { offset: 7, epoch: "e" }]]) },
    },
  ],
  [
    "subscribe",
    {
      id: 2,
      subscribe: {
        ...{
          channel: "news:ü",
          token: "t",
          recover: true,
          epoch: "abc",
          offset: "9007199254740991",
          data: "[1]",
        },
        ...{ positioned: true, recoverable: true, join_leave: true, delta: "fossil", flag: 3, type: 1 },
        tf: { op: "and", nodes: [{ key: "k", cmp: "eq", val: "v" }] },
      },
    },
    {
      ...{ kind: "subscribe", id: 2, channel: "news:ü", token: "t", data: "[1]", delta: "fossil", flag: 3 },
      ...{ recover: { offset: Number.MAX_SAFE_INTEGER, epoch: "abc" }, positioned: true, recoverable: true },
      ...{ joinLeave: true, type: 1, hasTagsFilter: true },
    },
  ],
  ["unsubscribe", { id: 3, unsubscribe: { channel: "a" } }, { kind: "unsubscribe", id: 3, channel: "a" }],
  [
    "publish",
    { id: 4_294_967_295, publish: { channel: "a", data: '{"n":12345678901234567890}' } },
    {
      ...{ kind: "publish", id: 4_294_967_295, channel: "a" },
      data: Uint8Array.from(Buffer.from('{"n":12345678901234567890}')),
    },
  ],
  ["presence", { id: 5, presence: { channel: "a" } }, { kind: "presence", id: 5, channel: "a" }],
  [
    "presence_stats",
    { id: 6, presence_stats: { channel: "a" } },
    { kind: "presence_stats", id: 6, channel: "a" },
  ],
  [
    "history",
    { id: 7, history: { channel: "a", limit: -1, since: { offset: 5, epoch: "e" }, reverse: true } },
    {
      ...{ kind: "history", id: 7, channel: "a", limit: -1, reverse: true },
      since: { offset: 5, epoch: "e" },
    },
  ],
  ["send", { send: { data: "1" } }, { kind: "send", data: "1" }],
  ["rpc", { id: 8, rpc: { method: "m", data: '"é"' } }, { kind: "rpc", id: 8, method: "m", data: '"é"' }],
  ["refresh", { id: 9, refresh: { token: "t" } }, { kind: "refresh", id: 9, token: "t" }],
  [
    "sub_refresh",
    { id: 10, sub_refresh: { channel: "a", token: "t" } },
    { kind: "sub_refresh", id: 10, channel: "a", token: "t" },
  ],
  ["pong", {}, { kind: "pong" }],
];

const info = { user: "u", client: "c", connInfo: '{"a":1.0}', chanInfo: "2" };
const infoMessage = { user: "u", client: "c", conn_info: '{"a":1.0}', chan_info: "2" };
const publications = [
  wirePublication({ data: '{"n":1.0}', info, tags: { t: "v", __proto__x: "" } }, 300),
  wirePublication({ data: Uint8Array.from(Buffer.from("raw")), info: undefined, tags: undefined }, 301),
];
const publicationMessages = [
  { data: '{"n":1.0}', info: infoMessage, offset: "300", tags: { t: "v", __proto__x: "" } },
  { data: "raw", offset: "301" },
];
const subscribed: SubscribeResult = {
  ...{ expires: true, ttl: 60, recoverable: true, positioned: true, epoch: "e", offset: 300, publications },
  ...{ recovered: true, wasRecovering: true, data: "[]" },
};
const subscribedMessage = {
  ...{ expires: true, ttl: 60, recoverable: true, positioned: true, epoch: "e", offset: "300" },
  ...{ publications: publicationMessages, recovered: true, was_recovering: true, data: "[]" },
};

/** What the gateway writes, and what the other library makes of it. */
const REPLIES: readonly (readonly [name: string, reply: Reply, message: object])[] = [
  [
    "connect",
    {
      ...{
        kind: "connect",
        client: "c",
        version: "1",
        expires: true,
        ttl: 30,
        data: "{}",
        ping: 25,
        pong: false,
      },
      subs: new Map([["__proto__", subscribed]]),
      emulation: { session: "s", node: "n" },
    },
    {
      connect: {
        ...{
          client: "c",
          version: "1",
          expires: true,
          ttl: 30,
          data: "{}",
          ping: 25,
          session: "s",
          node: "n",
        },
        subs: Object.fromEntries([["__proto__", subscribedMessage]]),
      },
    },
  ],
  ["subscribe", { kind: "subscribe", ...subscribed }, { subscribe: subscribedMessage }],
  ["unsubscribe", { kind: "unsubscribe" }, { unsubscribe: {} }],
  ["publish", { kind: "publish" }, { publish: {} }],
  ["presence", { kind: "presence", members: [info] }, { presence: { presence: { c: infoMessage } } }],
  [
    "presence_stats",
    { kind: "presence_stats", clients: 3, users: 2 },
    { presence_stats: { num_clients: 3, num_users: 2 } },
  ],
  [
    "history",
    { kind: "history", publications, offset: Number.MAX_SAFE_INTEGER, epoch: "e" },
    { history: { publications: publicationMessages, offset: "9007199254740991", epoch: "e" } },
  ],
  ["rpc", { kind: "rpc", data: '{"a":[]}' }, { rpc: { data: '{"a":[]}' } }],
  [
    "refresh",
    { kind: "refresh", client: "c", version: "1", expires: true, ttl: 1 },
    { refresh: { client: "c", version: "1", expires: true, ttl: 1 } },
  ],
  ["sub_refresh", { kind: "sub_refresh", expires: true, ttl: 1 }, { sub_refresh: { expires: true, ttl: 1 } }],
];

const PUSHES: readonly (readonly [name: string, push: Push, message: object])[] = [
  ...publications.map(
    (publication, index) =>
      [
        index === 0 ? "publication" : "publication of bytes",
        { kind: "publication", channel: "a", publication },
        { channel: "a", pub: publicationMessages[index] },
      ] as const,
  ),
  ["join", { kind: "join", channel: "a", info }, { channel: "a", join: { info: infoMessage } }],
  ["leave", { kind: "leave", channel: "a", info }, { channel: "a", leave: { info: infoMessage } }],
  [
    "unsubscribe",
    { kind: "unsubscribe", channel: "a", code: 2500, reason: "insufficient state" },
    { channel: "a", unsubscribe: { code: 2500, reason: "insufficient state" } },
  ],
  [
    "subscribe",
    { ...{ kind: "subscribe", channel: "a" }, ...subscribed },
    {
      channel: "a",
      subscribe: { recoverable: true, positioned: true, epoch: "e", offset: "300", data: "[]" },
    },
  ],
  [
    "disconnect",
    { kind: "disconnect", code: 3001, reason: "shutdown" },
    { disconnect: { code: 3001, reason: "shutdown" } },
  ],
  ["refresh", { kind: "refresh", expires: true, ttl: 9 }, { refresh: { expires: true, ttl: 9 } }],
];

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const frameOf = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex")).buffer;

const written = {
  commands: COMMANDS.map(([name, message]) => ({ name, hex: writeHex("Command", message), message })),
  replies: REPLIES.map(([name, reply, message], index) => ({
    name,
    hex: hexOf(protobufCodec.encodeReply(index + 1, reply)),
    message: { id: index + 1, ...message },
  })),
  errors: [ERRORS.permissionDenied, ERRORS.internal].map((error) => ({
    name: error.message,
    hex: hexOf(protobufCodec.encodeError(1, error)),
    message: { id: 1, error },
  })),
  pushes: PUSHES.map(([name, push, message]) => ({
    name,
    hex: hexOf(protobufCodec.encodePush(push)),
    message: { push: message },
  })),
  ping: [{ name: "ping", hex: hexOf(protobufCodec.ping), message: {} }],
};

describe("Protobuf, between two libraries and two schemas", () => {
  test.each(COMMANDS)("PB-07: the command %s is read", (_name, message, command) => {
    expect(protobufCodec.decode(frameOf(writeHex("Command", message)))).toEqual([command]);
  });

  test.each([...written.replies, ...written.errors, ...written.pushes, ...written.ping])(
    "PB-07: $name is written",
    ({ hex, message }) => {
      expect(readHex("Reply", hex)).toEqual([message]);
    },
  );

  test("PB-07: the bytes are those that are kept for any SDK", async () => {
    await expect(`${JSON.stringify(written, undefined, 2)}\n`).toMatchFileSnapshot("vectors/protobuf.json");
  });

  test("PB-07: several messages are one frame", () => {
    const frame = writeHex("Command", ...COMMANDS.map(([, message]) => message));
    expect(protobufCodec.decode(frameOf(frame))).toEqual(COMMANDS.map(([, , command]) => command));
    const replies = REPLIES.map(([, reply], index) => protobufCodec.encodeReply(index + 1, reply));
    const [joined, ...more] = protobufCodec.join(replies);
    expect(more).toEqual([]);
    expect(readHex("Reply", hexOf(joined ?? new Uint8Array()))).toEqual(
      REPLIES.map(([, , message], index) => ({ id: index + 1, ...message })),
    );
  });
});
