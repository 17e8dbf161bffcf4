import { beforeAll, describe, expect, test } from "vitest";
import { decodeClose, encodeClose, OPCODE } from "../../src/websocket/frame.ts";
import type { TcpPeer } from "../support/tcp.ts";
import { useWire } from "../support/wire.ts";

const wire = useWire();
beforeAll(async () => wire.keepAwake(await wire.open()));

const CODES_ECHOED = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
const CODES_REFUSED = [0, 1, 999, 1004, 1006, 1012, 1013, 1014, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];

/** Reads the answer to a close, and makes sure that TCP ends behind it. */
async function closeAnswer(peer: TcpPeer) {
  const { opcode, payload } = await peer.nextFrame();
  expect(opcode).toBe(OPCODE.close);
  await peer.ended();
  return decodeClose(payload);
}

describe("a close from the client", () => {
  test.each(CODES_ECHOED)("CLOSE-01: code %i is answered with the same code and reason", async (code) => {
    const peer = await wire.open();
    peer.sendClose(code, "good night");
    expect(await closeAnswer(peer)).toEqual({ code, reason: "good night" });
  });

  test.each(CODES_REFUSED)("CLOSE-01: code %i, which nobody may send, is answered 1002", async (code) => {
    const peer = await wire.open();
    peer.sendClose(code, "good night");
    expect((await closeAnswer(peer)).code).toBe(1002);
  });

  test("CLOSE-01: a close without a code is answered without a code", async () => {
    const peer = await wire.open();
    peer.sendClose();
    expect(await closeAnswer(peer)).toEqual({ code: undefined, reason: "" });
  });

  test("CLOSE-01: a reason of 123 bytes comes back whole", async () => {
    const peer = await wire.open();
    const reason = `${"é".repeat(61)}!`;
    peer.sendClose(1000, reason);
    expect(await closeAnswer(peer)).toEqual({ code: 1000, reason });
  });

  test("CLOSE-01: a reason over 123 bytes is answered 1002", async () => {
    const peer = await wire.open();
    const payload = Buffer.concat([encodeClose(1000), Buffer.alloc(124, "x")]);
    peer.sendFrame({ opcode: OPCODE.close, payload });
    expect((await closeAnswer(peer)).code).toBe(1002);
  });

  test("CLOSE-01: a reason that is not UTF-8 is answered 1007", async () => {
    const peer = await wire.open();
    const payload = Buffer.concat([encodeClose(1000), Uint8Array.of(0xce, 0xba, 0xe1)]);
    peer.sendFrame({ opcode: OPCODE.close, payload });
    expect((await closeAnswer(peer)).code).toBe(1007);
  });

  test("ROOM-13: messages before the close are answered first, and nothing behind it is", async () => {
    const peer = await wire.open();
    peer.sendText("before");
    peer.sendClose(1000);
    peer.sendText("behind");
    peer.sendFrame({ opcode: OPCODE.ping });
    expect(Buffer.from((await peer.nextFrame()).payload).toString()).toBe("before");
    expect((await closeAnswer(peer)).code).toBe(1000);
  });

  test("WIRE-28: a close in the middle of a fragmented message is answered, and the message is dropped", async () => {
    const peer = await wire.open();
    peer.sendFrame({ opcode: OPCODE.text, fin: false, payload: Buffer.from("unfinished") });
    peer.sendClose(1001);
    expect((await closeAnswer(peer)).code).toBe(1001);
  });

  test("CLOSE-01: every room kind answers: hello and broadcast as well as echo", async () => {
    for (const path of ["/rooms/hello/closing", "/rooms/broadcast/closing"]) {
      const peer = await wire.open(path);
      if (path.includes("hello")) await peer.nextFrame();
      peer.sendClose(4000, path);
      expect(await closeAnswer(peer)).toEqual({ code: 4000, reason: path });
    }
  });
});

describe("a client that goes without a close", () => {
  test("WIRE-30: half-closed TCP is ended within a second, with 1002", async () => {
    const peer = await wire.open();
    peer.halfClose();
    expect((await closeAnswer(peer)).code).toBe(1002);
  });

  test("WIRE-30: what was sent before TCP was half-closed is still answered", async () => {
    const peer = await wire.open();
    peer.sendText("last words");
    peer.halfClose();
    expect(Buffer.from((await peer.nextFrame()).payload).toString()).toBe("last words");
    expect((await closeAnswer(peer)).code).toBe(1002);
  });

  test.each<[how: string, go: (peer: TcpPeer) => void]>([
    ["resets TCP", (peer) => peer.reset()],
    [
      "resets TCP in the middle of a frame",
      (peer) => {
        peer.write(Uint8Array.of(0x82, 0xfe, 0x10, 0x00));
        peer.reset();
      },
    ],
    ["ends TCP", (peer) => peer.destroy()],
    ["breaks the protocol", (peer) => peer.sendFrame({ opcode: 3 })],
  ])("WIRE-31: a client that %s disturbs nobody else in its room", async (how, go) => {
    const path = `/rooms/broadcast/${encodeURIComponent(how)}`;
    const sender = await wire.open(path);
    const receiver = await wire.open(path);
    go(await wire.open(path));
    for (const text of ["one", "two", "three"]) {
      sender.sendText(text);
      expect(Buffer.from((await receiver.nextFrame()).payload).toString()).toBe(text);
    }
  });
});

describe("decided by the runtime", () => {
  test.each([
    ["a close payload of one byte", Uint8Array.of(3)],
    ["code 1005", encodeClose(1005, "reserved")],
  ])("WIRE-60: %s counts as a close without a code", async (_, payload) => {
    const peer = await wire.open();
    peer.sendFrame({ opcode: OPCODE.close, payload });
    expect(await closeAnswer(peer)).toEqual({ code: undefined, reason: "" });
  });

  test("WIRE-61: a reason that holds a valid U+FFFD cannot be told from a broken one, and is answered 1007", async () => {
    const peer = await wire.open();
    peer.sendClose(1000, "\uFFFD");
    expect((await closeAnswer(peer)).code).toBe(1007);
  });
});
