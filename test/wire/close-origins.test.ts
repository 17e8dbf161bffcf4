import { describe, expect, test } from "vitest";
import { decodeClose, OPCODE } from "../../src/websocket/frame.ts";
import type { TcpPeer } from "../support/tcp.ts";
import { A_WHILE_MS, useWire } from "../support/wire.ts";

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

/** Where a close comes from, and the kind of room that closes from there. */
const origins: Record<string, string> = { "another's message": "message", "a tick": "tick" };

/** A client that is about to be closed because another one has asked for it. */
async function closedBy(kind: string, isHeard: boolean): Promise<{ peer: TcpPeer; other: TcpPeer }> {
  const path = `/rooms/${kind}/${crypto.randomUUID()}`;
  const [peer, other] = [await wire.open(path), await wire.open(path)];
  if (isHeard) {
    await speak(peer);
    wire.keepAwake(other);
  }
  other.sendText("others");
  return { peer, other };
}

test("WIRE-34: TCP ends at once behind a close from the socket's own message", async () => {
  const path = `/rooms/message/${crypto.randomUUID()}`;
  wire.keepAwake(await wire.open(path));
  const peer = await wire.open(path);
  peer.sendText("me");
  await answerClose(peer);
  await peer.ended();
});

test.each(Object.entries(origins))(
  "WIRE-34: TCP ends at once behind a close from %s, where the client has sent something before",
  async (_, kind) => {
    const { peer } = await closedBy(kind, true);
    await answerClose(peer);
    await peer.ended();
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

  test.each(Object.entries(origins))(
    "WIRE-75: a client that has sent nothing gets a close from %s at once, and the end of TCP when the room sleeps",
    async (_, kind) => {
      const { peer, other } = await closedBy(kind, false);
      await answerClose(peer);
      // A room in which somebody is goes on ticking.
      other.destroy();
      await expect(peer.ended(A_WHILE_MS)).rejects.toThrow("waited");
      await peer.ended();
    },
  );

  test("WIRE-75: so does one that is closed by open", async () => {
    const peer = await wire.open(`/rooms/open/${crypto.randomUUID()}`);
    await answerClose(peer);
    await expect(peer.ended(A_WHILE_MS)).rejects.toThrow("waited");
    await peer.ended();
  });
});
