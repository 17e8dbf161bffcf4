import { describe, expect, test } from "vitest";
import { Heartbeat } from "../../src/client/channels/heartbeat.ts";
import {
  explainLine,
  type FrameLine,
  isHeartbeat,
  labelOf,
  readFrame,
} from "../../src/client/channels/protocol-frame.ts";

const kinds = (direction: "sent" | "received", frame: string) =>
  readFrame(direction, frame).map(({ kind }) => kind);

describe("reading frames", () => {
  test("PAGE-29: each line of a frame is a command with its id and channel", () => {
    const frame = '{"connect":{"name":"js"},"id":1}\n{"subscribe":{"channel":"public:a"},"id":2}\n';
    const lines = readFrame("sent", frame);
    expect(lines.map(({ kind, id, channel }) => [kind, id, channel])).toEqual([
      ["connect", 1, undefined],
      ["subscribe", 2, "public:a"],
    ]);
    expect(lines.map(({ text }) => text)).toEqual(frame.trim().split("\n"));
    expect(labelOf("sent", frame)).toBe("connect +1");
  });

  test("PAGE-29: replies and pushes are called by the protocol's own words", () => {
    const frame = [
      '{"id":1,"connect":{"client":"c"}}',
      '{"id":2,"error":{"code":103,"message":"permission denied"}}',
      '{"push":{"channel":"public:a","pub":{"data":1}}}',
      '{"push":{"channel":"public:a","join":{"info":{}}}}',
      '{"push":{"disconnect":{"code":3000}}}',
    ].join("\n");
    expect(kinds("received", frame)).toEqual(["connect", "error", "pub", "join", "disconnect"]);
    expect(readFrame("received", frame)[2]?.channel).toBe("public:a");
  });

  test("PAGE-29: a ping, a pong and its answer are told apart from all else", () => {
    const heartbeats = [
      ...readFrame("received", "{}"),
      ...readFrame("sent", "{}"),
      ...readFrame("received", '{"push":{"channel":""}}'),
    ];
    expect(heartbeats.map(({ kind }) => kind)).toEqual(["ping", "pong", "ack"]);
    expect(heartbeats.every(({ kind }) => isHeartbeat(kind))).toBe(true);
    expect(["connect", "pub", "ping +1", undefined].some(isHeartbeat)).toBe(false);
  });

  test.each(["nonsense", "null", "[", "42", '"text"'])("PAGE-29: %s is shown as it is", (frame) => {
    const [line] = readFrame("received", frame);
    expect([line?.kind, line?.text]).toEqual(["text", frame]);
  });

  test("PAGE-29: what centrifuge sends and gets is explained", () => {
    const sent = ["connect", "subscribe", "unsubscribe", "publish", "history", "presence", "pong"];
    const received = [...sent.slice(0, -1), "error", "pub", "join", "leave", "ping", "ack"];
    const line = (kind: string): FrameLine => ({ kind, body: {}, text: "" });
    expect(sent.filter((kind) => explainLine("sent", line(kind)) === "")).toEqual([]);
    expect(received.filter((kind) => explainLine("received", line(kind)) === "")).toEqual([]);
    expect(explainLine("sent", line("nothing known"))).toBe("");
  });
});

describe("the heartbeat", () => {
  const read = (heartbeat: Heartbeat, direction: "sent" | "received", frame: string, now: number) => {
    for (const line of readFrame(direction, frame)) heartbeat.read(direction, line, now);
  };

  test("PAGE-21: pings are told with their interval, their age, and the time of an answered pong", () => {
    const heartbeat = new Heartbeat();
    expect(heartbeat.describe(0)).toBe("–");
    read(heartbeat, "received", '{"id":1,"connect":{"ping":25,"pong":true}}', 1_000);
    expect(heartbeat.describe(2_000)).toBe("every 25 s · none yet");
    read(heartbeat, "received", "{}", 20_000);
    read(heartbeat, "sent", "{}", 20_001);
    expect(heartbeat.describe(24_000)).toBe("every 25 s · last 4 s ago");
    read(heartbeat, "received", '{"push":{"channel":""}}', 20_013);
    expect(heartbeat.describe(24_000)).toBe("every 25 s · last 4 s ago · 12 ms");
    read(heartbeat, "received", '{"id":9,"connect":{"ping":10}}', 30_000);
    expect(heartbeat.describe(30_000)).toBe("every 10 s · none yet");
  });

  test("PAGE-21: a server without pings, and a lost connection, have none", () => {
    const heartbeat = new Heartbeat();
    read(heartbeat, "received", '{"id":1,"connect":{}}', 0);
    expect(heartbeat.describe(0)).toBe("–");
    read(heartbeat, "received", '{"id":1,"connect":{"ping":25}}', 0);
    heartbeat.reset();
    expect(heartbeat.describe(0)).toBe("–");
  });
});
