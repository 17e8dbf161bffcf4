import { describe, expect, test } from "vitest";
import { encodeFrame, OPCODE } from "../../src/websocket/frame.ts";
import { type HeaderChanges, SAMPLE_KEY } from "../support/tcp.ts";
import { useWire } from "../support/wire.ts";

const wire = useWire();

async function handshake(path: string, changes?: HeaderChanges, method?: string) {
  const peer = await wire.connect();
  const head = await peer.upgrade(path, changes, method);
  const body = head.status === 101 ? "" : await peer.readBody(head);
  return { ...head, body };
}

const errorCode = (body: string) => (JSON.parse(body) as { error: { code: string } }).error.code;

describe("a handshake that is accepted", () => {
  test("WIRE-01: the sample key of RFC 6455 gets the sample answer", async () => {
    const { status, headers } = await handshake("/ws", { "Sec-WebSocket-Key": SAMPLE_KEY });
    expect(status).toBe(101);
    expect(headers.get("sec-websocket-accept")).toBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    expect(headers.get("upgrade")?.toLowerCase()).toBe("websocket");
    expect(headers.get("connection")?.toLowerCase()).toBe("upgrade");
  });

  test.each(["websocket", "WebSocket", "WEBSOCKET"])(
    "ROUTE-06: Upgrade: %s is understood",
    async (upgrade) => {
      expect((await handshake("/ws", { Upgrade: upgrade })).status).toBe(101);
    },
  );

  test("ROUTE-06: Connection may list other options beside Upgrade", async () => {
    expect((await handshake("/ws", { Connection: "keep-alive, Upgrade" })).status).toBe(101);
  });

  test("WIRE-03: a handshake that comes byte by byte, with a frame right behind it, is understood", async () => {
    const peer = await wire.connect();
    const head =
      `GET /rooms/echo/wire HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: ${SAMPLE_KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n`;
    const payload = Buffer.from("early");
    const frame = encodeFrame({ opcode: OPCODE.text, payload, maskingKey: Buffer.from("mask") });
    for (const byte of Buffer.concat([Buffer.from(head), frame])) peer.write(Uint8Array.of(byte));
    expect((await peer.readHead()).status).toBe(101);
    expect(Buffer.from((await peer.nextFrame()).payload)).toEqual(payload);
  });

  test("ROOM-08: the first offered subprotocol that the room knows is chosen, and no other is named", async () => {
    const chosenFrom = async (offer: string) =>
      (await handshake("/rooms/echo/wire", { "Sec-WebSocket-Protocol": offer })).headers.get(
        "sec-websocket-protocol",
      );
    expect(await chosenFrom("echo")).toBe("echo");
    expect(await chosenFrom("other, echo, echo")).toBe("echo");
    expect(await chosenFrom("other")).toBeUndefined();
  });

  test.each([
    ["a room name of 128 characters", `/rooms/echo/${"x".repeat(128)}`, {}],
    ["a room name of 128 characters beyond ASCII", `/rooms/echo/${encodeURIComponent("é".repeat(128))}`, {}],
    ["an origin of the same host", "/ws", { Origin: "http://localhost" }],
    ["a page opened from a file, in development", "/ws", { Origin: "null" }],
    ["no origin", "/ws", { Origin: undefined }],
  ])("ROUTE-09 ORIGIN-01 ORIGIN-06 ORIGIN-07: %s passes", async (_, path, changes) => {
    expect((await handshake(path, changes)).status).toBe(101);
  });
});

describe("a handshake that is refused", () => {
  test.each<[what: string, path: string, changes: HeaderChanges, status: number, code: string]>([
    ["no Upgrade", "/ws", { Upgrade: undefined }, 426, "upgrade_required"],
    ["another Upgrade", "/ws", { Upgrade: "h2c" }, 426, "upgrade_required"],
    ["no Upgrade to a room", "/rooms/echo/wire", { Upgrade: undefined }, 426, "upgrade_required"],
    ["no key", "/ws", { "Sec-WebSocket-Key": undefined }, 400, "bad_handshake"],
    ["an empty key", "/ws", { "Sec-WebSocket-Key": "" }, 400, "bad_handshake"],
    ["a key of 15 bytes", "/ws", { "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAA" }, 400, "bad_handshake"],
    ["no version", "/ws", { "Sec-WebSocket-Version": undefined }, 426, "unsupported_version"],
    ["version 8", "/ws", { "Sec-WebSocket-Version": "8" }, 426, "unsupported_version"],
    ["version 14", "/ws", { "Sec-WebSocket-Version": "14" }, 426, "unsupported_version"],
    ["an unknown kind", "/rooms/nothing/wire", {}, 404, "unknown_kind"],
    ["a kind of every JavaScript object", "/rooms/constructor/wire", {}, 404, "unknown_kind"],
    ["an empty room name", "/rooms/echo/", {}, 400, "bad_room_name"],
    ["a room name of 129 characters", `/rooms/echo/${"x".repeat(129)}`, {}, 400, "bad_room_name"],
    ["a control character in the room name", "/rooms/echo/a%00b", {}, 400, "bad_room_name"],
    ["broken percent-encoding in the room name", "/rooms/echo/%zz", {}, 400, "bad_room_name"],
    ["broken UTF-8 in the room name", "/rooms/echo/%ff", {}, 400, "bad_room_name"],
    ["a foreign origin", "/ws", { Origin: "https://evil.example" }, 403, "origin_refused"],
    [
      "an origin that only begins like the host",
      "/ws",
      { Origin: "http://localhost.evil.example" },
      403,
      "origin_refused",
    ],
    ["an origin that is no URL", "/ws", { Origin: "nonsense" }, 403, "origin_refused"],
    ["an upgrade on the page", "/", {}, 404, "not_found"],
    ["an upgrade on an asset", "/index.html", {}, 404, "not_found"],
    ["an upgrade on nothing", "/nothing", {}, 404, "not_found"],
  ])(
    "ROUTE-05 ROUTE-06 ROUTE-07 ROUTE-08 ROUTE-09 ROUTE-11 ORIGIN-02: %s (%s)",
    async (_, path, changes, status, code) => {
      const answer = await handshake(path, changes);
      expect(answer.status).toBe(status);
      expect(answer.headers.get("content-type")).toBe("application/json");
      expect(errorCode(answer.body)).toBe(code);
    },
  );

  test("ROUTE-07: another version is told which one is spoken here", async () => {
    const { headers } = await handshake("/ws", { "Sec-WebSocket-Version": "8" });
    expect(headers.get("sec-websocket-version")).toBe("13");
  });

  test.each(["POST", "PUT", "DELETE"])("ROUTE-10: %s is answered 405 with Allow", async (method) => {
    const { status, headers } = await handshake("/ws", { "Content-Length": "0" }, method);
    expect(status).toBe(405);
    expect(headers.get("allow")).toBe("GET");
  });

  test("WIRE-09: the connection of a refused handshake serves the next one", async () => {
    const peer = await wire.connect();
    await peer.readBody(await peer.upgrade("/rooms/nothing/wire"));
    expect((await peer.upgrade("/ws")).status).toBe(101);
  });
});

describe("decided by the runtime", () => {
  test("WIRE-50: a 426 goes out without its Upgrade header", async () => {
    const { status, headers } = await handshake("/ws", { Upgrade: undefined });
    expect(status).toBe(426);
    expect(headers.has("upgrade")).toBe(false);
  });

  test.each([undefined, "keep-alive"])(
    "WIRE-51: Connection: %s does not matter beside Upgrade",
    async (connection) => {
      expect((await handshake("/ws", { Connection: connection })).status).toBe(101);
    },
  );

  test("WIRE-52: a handshake without Host is answered 400", async () => {
    expect((await handshake("/ws", { Host: undefined })).status).toBe(400);
  });

  test.each(["/ws", "/healthz", "/connection/websocket"])(
    "WIRE-69: a request for %s with two Host headers is answered 400",
    async (path) => {
      const { status } = await handshake(path, { Host: "localhost\r\nHost: elsewhere" });
      expect(status).toBe(400);
    },
  );

  test("WIRE-53: a handshake in HTTP/1.0 is accepted", async () => {
    const peer = await wire.connect();
    peer.write(
      `GET /ws HTTP/1.0\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${SAMPLE_KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
    expect((await peer.readHead()).status).toBe(101);
  });

  test("WIRE-54: bytes that are no HTTP are answered 400", async () => {
    const peer = await wire.connect();
    peer.write("nonsense\r\n\r\n");
    expect((await peer.readHead()).status).toBe(400);
  });
});
