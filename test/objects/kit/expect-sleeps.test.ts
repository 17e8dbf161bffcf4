import { env, exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { connectChannels, connectRoom, expectSleeps } from "../../../src/package/testing.ts";
import type { RoomContext, RoomHandler } from "../../../src/rooms/handler.ts";
import { handshakeHeaders } from "../../support/handshake-headers.ts";
import { GATEWAY } from "../client.ts";
import { addKind } from "../kinds.ts";
import { TestRoom } from "../test-room.ts";

const HOUR = 3_600_000;

/** Begins something in a room, and returns what ends it there. */
type Begin = (room: RoomContext) => (() => unknown) | Promise<() => unknown>;

/** A room that begins something at the message "begin", and ends it at "end". */
async function roomThat(begin: Begin) {
  let end: () => unknown = () => {};
  const { path } = new TestRoom({
    async message(ws, message, room) {
      if (message === "begin") end = await begin(room);
      else end();
      ws.send("done");
    },
  } satisfies RoomHandler);
  const client = await connectRoom(path);
  const say = async (message: string) => {
    client.send(message);
    await client.next();
  };
  await say("begin");
  return { path, end: () => say("end") };
}

function failureOf(path: string): Promise<string> {
  return expectSleeps(path).then(
    () => "it sleeps",
    (failure: Error) => failure.message,
  );
}

/** A kind whose requests are answered when the test says so. */
function holdingKind() {
  const { promise: answer, resolve } = Promise.withResolvers<Response>();
  const name = addKind({ message() {}, request: () => answer });
  return { name, release: () => resolve(new Response()) };
}

test("KIT-06: a quiet room with a socket, data and an alarm sleeps, and loses none of them", async () => {
  const room = new TestRoom({
    upgrade: () => "ada",
    open: (_ws, context) => context.setAlarm(Date.now() + HOUR),
    message: (ws, _message, context) => ws.send(`${ws.data} ${context.getAlarm() !== undefined}`),
    alarm() {},
  });
  const client = await connectRoom(room.path);
  await expectSleeps(room.path);
  client.send("still here?");
  expect(await client.next()).toBe("ada true");
});

test("KIT-06: so does a hub with a subscriber, by its stub", async () => {
  const channel = `keep:${crypto.randomUUID()}`;
  const client = await connectChannels({ channel });
  await client.subscribe(channel);
  await expectSleeps(env.HUB.getByName(`home/${channel}`));
  await client.publish(channel, "awake again");
  expect((await client.publication(channel)).data).toBe("awake again");
});

test("KIT-06: a room sleeps once what it has begun is over", async () => {
  const { path } = await roomThat(() => {
    setTimeout(() => {}, 10);
    return () => {};
  });
  await expectSleeps(path, { within: 60_000 });
});

const keepers: readonly (readonly [string, Begin])[] = [
  [
    "setTimeout",
    () => {
      const timer = setTimeout(() => {}, HOUR);
      return () => clearTimeout(timer);
    },
  ],
  [
    "setInterval",
    () => {
      const timer = setInterval(() => {}, HOUR);
      return () => clearInterval(timer);
    },
  ],
  [
    "scheduler.wait",
    () => {
      const ending = new AbortController();
      scheduler.wait(HOUR, { signal: ending.signal }).catch(() => {});
      return () => ending.abort();
    },
  ],
  [
    "fetch of http://silent.test/",
    () => {
      const ending = new AbortController();
      fetch("http://silent.test/", { signal: ending.signal }).catch(() => {});
      return () => ending.abort();
    },
  ],
  [
    "waitUntil",
    (room) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      room.waitUntil(promise);
      return resolve;
    },
  ],
  [
    "a WebSocket that was accepted",
    async () => {
      const silent = addKind({ message() {} });
      const url = `${GATEWAY}/rooms/${silent}/lobby`;
      const { webSocket } = await exports.default.fetch(url, { headers: handshakeHeaders() });
      webSocket?.accept();
      return () => webSocket?.close(1000);
    },
  ],
  [
    "a WebSocket to ws://silent.test/",
    () => {
      const socket = new WebSocket("ws://silent.test/");
      return () => socket.close();
    },
  ],
];

test.each(keepers)(
  "KIT-07: %s keeps a room awake until it ends, and is named with its place",
  async (name, begin) => {
    const { path, end } = await roomThat(begin);
    const [first, ...pending] = (await failureOf(path)).split("\n");
    expect(first).toBe(`${path} stays awake: pending in this isolate are`);
    expect(pending).toEqual([expect.stringMatching(/begun at .*\bexpect-sleeps\.test\.ts:\d+:\d+\)?$/)]);
    expect(pending[0]).toContain(`  ${name}, begun at `);
    await end();
    await expectSleeps(path, { within: 60_000 });
  },
);

test("KIT-07: what the kit does not watch, such as a call to another object, is something unknown", async () => {
  const { name, release } = holdingKind();
  const { path } = await roomThat(() => {
    env.ROOM.getByName(`${name}/lobby`)
      .fetch(GATEWAY)
      .catch(() => {});
    return () => {};
  });
  expect(await failureOf(path)).toBe(
    `${path} stays awake: something unknown, none of what the test kit watches is pending`,
  );
  release();
  await expectSleeps(path, { within: 60_000 });
});

test("KIT-07: a function of the kind that has not ended is told as such", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { path } = new TestRoom({ open: () => promise, message() {} });
  await connectRoom(path);
  expect(await failureOf(path)).toContain("a function of a room's kind, which has not ended");
  resolve();
  await expectSleeps(path, { within: 60_000 });
});
