import { describe, expect, test } from "vitest";
import { type Frame, OPCODE } from "../../src/websocket/frame.ts";
import type { TcpPeer } from "../support/tcp.ts";
import { A_WHILE_MS, useWire } from "../support/wire.ts";

const wire = useWire();

const textOf = ({ payload }: Frame) => Buffer.from(payload).toString();

/** A ping is answered behind everything that was sent before it, so nothing came if the pong is next. */
async function expectSilence(peer: TcpPeer) {
  peer.sendFrame({ opcode: OPCODE.ping, payload: Buffer.from("silence") });
  const { opcode, payload } = await peer.nextFrame();
  expect([opcode, Buffer.from(payload).toString()]).toEqual([OPCODE.pong, "silence"]);
}

describe("rooms on the wire", () => {
  test("ROOM-01: hello greets and answers a message with itself", async () => {
    const peer = await wire.open("/ws");
    expect(textOf(await peer.nextFrame())).toBe("Hello from server");
    peer.sendText("and you");
    expect(textOf(await peer.nextFrame())).toBe("and you");
  });

  test("ROOM-04: a message to a broadcast room reaches everyone else, in its type, and not its sender", async () => {
    const [sender, first, second] = await Promise.all(
      [0, 1, 2].map(() => wire.open("/rooms/broadcast/wire")),
    );
    if (!sender || !first || !second) throw new Error("three peers");
    sender.sendText("text");
    sender.sendFrame({ opcode: OPCODE.binary, payload: Uint8Array.of(0, 0xff) });
    for (const receiver of [first, second]) {
      const [text, binary] = [await receiver.nextFrame(), await receiver.nextFrame()];
      expect([text.opcode, textOf(text)]).toEqual([OPCODE.text, "text"]);
      expect([binary.opcode, [...binary.payload]]).toEqual([OPCODE.binary, [0, 0xff]]);
    }
    await expectSilence(sender);
  });

  test("ROUTE-02: rooms of different names hear nothing of each other", async () => {
    const here = await wire.open("/rooms/broadcast/here");
    const there = await wire.open("/rooms/broadcast/there");
    const besideHere = await wire.open("/rooms/broadcast/here");
    here.sendText("local");
    expect(textOf(await besideHere.nextFrame())).toBe("local");
    await expectSilence(there);
  });
});

describe.concurrent("with time", () => {
  test("ROOM-02: hello greets again after 15 seconds, though its room has slept", async ({ expect }) => {
    const peer = await wire.open("/rooms/hello/patience");
    expect(textOf(await peer.nextFrame())).toBe("Hello from server");
    expect(textOf(await peer.nextFrame())).toBe("Hello from server");
  });

  test("WIRE-68: after a protocol error the runtime keeps TCP until the room sleeps, and then ends it", async ({
    expect,
  }) => {
    const peer = await wire.open("/rooms/echo/error");
    peer.sendFrame({ opcode: 3 });
    expect((await peer.nextFrame()).opcode).toBe(OPCODE.close);
    await expect(peer.ended(A_WHILE_MS)).rejects.toThrow("waited");
    await peer.ended();
  });
});
