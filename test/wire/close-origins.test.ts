import { describe, expect, test } from "vitest";
import { decodeClose, OPCODE } from "../../src/websocket/frame.ts";
import type { TcpPeer } from "../support/tcp.ts";
import { A_WHILE_MS, PROMPT_MS, useWire } from "../support/wire.ts";

const wire = useWire({ ENVIRONMENT: "development" }, "test/objects/closing-worker/wrangler.toml");

const CODE = 4001;
/** The object sleeps after 10 seconds in which nothing happened. */
const PAST_SLEEP_MS = 30_000;

/** Reads the room's close and answers it, as a client does. */
async function answerClose(peer: TcpPeer) {
  const { opcode, payload } = await peer.nextFrame();
  expect(opcode).toBe(OPCODE.close);
  expect(decodeClose(payload).code).toBe(CODE);
  peer.sendClose(CODE);
}

/** Sends something that the room answers, so that the room has heard of the client. */
async function speak(peer: TcpPeer) {
  peer.sendText("heard");
  expect((await peer.nextFrame()).opcode).toBe(OPCODE.text);
}

const origins: Record<string, (isHeard: boolean) => Promise<TcpPeer>> = {
  async "another's message"(isHeard) {
    const path = `/rooms/message/${crypto.randomUUID()}`;
    const [peer, other] = [await wire.open(path), await wire.open(path)];
    if (isHeard) await speak(peer);
    other.sendText("others");
    return peer;
  },
  async "a tick"(isHeard) {
    const peer = await wire.open(`/rooms/tick/${crypto.randomUUID()}`);
    if (isHeard) await speak(peer);
    return peer;
  },
};

test("WIRE-34: TCP ends at once behind a close from the socket's own message", async () => {
  const peer = await wire.open(`/rooms/message/${crypto.randomUUID()}`);
  peer.sendText("me");
  await answerClose(peer);
  await peer.ended(PROMPT_MS);
});

test.each(Object.keys(origins))(
  "WIRE-34: TCP ends at once behind a close from %s, where the client has sent something before",
  async (origin) => {
    const peer = await origins[origin]?.(true);
    if (peer === undefined) throw new Error(origin);
    await answerClose(peer);
    await peer.ended(PROMPT_MS);
  },
);

describe.concurrent("with time", () => {
  test("ROOM-70: a client that never answers takes no place in a room, also when that has slept", async ({
    expect,
  }) => {
    const path = `/rooms/single/${crypto.randomUUID()}`;
    const mute = await wire.open(path);
    mute.sendText("close me");
    expect((await mute.nextFrame()).opcode).toBe(OPCODE.close);
    const second = await wire.open(path);
    second.sendText("close me");
    await new Promise((resolve) => setTimeout(resolve, PAST_SLEEP_MS));
    const third = await wire.open(path);
    expect((await (await wire.connect()).upgrade(path)).status).toBe(503);
    third.destroy();
  });

  test.each([...Object.keys(origins), "open"])(
    "WIRE-75: a client that has sent nothing gets a close from %s at once, and the end of TCP when the room sleeps",
    async (origin) => {
      const peer = await (origins[origin]?.(false) ?? wire.open(`/rooms/open/${crypto.randomUUID()}`));
      await answerClose(peer);
      await expect(peer.ended(A_WHILE_MS)).rejects.toThrow("waited");
      await peer.ended(PAST_SLEEP_MS);
    },
  );
});
