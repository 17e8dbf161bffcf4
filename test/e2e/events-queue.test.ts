import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { SECRET, startBackend, type TestBackend } from "../support/backend.ts";
import { type Gateway, startGateway } from "../support/gateway.ts";
import { PATIENCE_MS } from "../support/patience.ts";

const WAIT = { timeout: PATIENCE_MS, interval: 20 };

let backend: TestBackend;
let gateway: Gateway;

beforeAll(async () => {
  backend = await startBackend(() => ({ result: { user: "ann" } }));
  const url = (path: string) => `${backend.url}/${path}`;
  gateway = await startGateway({
    configPath: "test/objects/backend-worker/queue.toml",
    vars: {
      BACKEND_SIGNATURE_SECRET: SECRET,
      CONNECT_URL: url("connect"),
      REFRESH_URL: url("refresh"),
      SUBSCRIBE_URL: url("subscribe"),
      SUB_REFRESH_URL: url("sub_refresh"),
      PUBLISH_URL: url("publish"),
      RPC_URL: url("rpc"),
      WEBHOOK_URL: url("events"),
    },
  });
});
afterAll(async () => {
  await gateway?.stop();
  await backend?.stop();
});

test("EVENT-08: events go through a real queue, and what the webhook does not take comes again", async () => {
  backend.eventStatus = 503;
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/connection/websocket`);
  socket.on("open", () => socket.send('{"id":1,"connect":{}}\n{"id":2,"subscribe":{"channel":"chat:q"}}'));
  await vi.waitFor(() => expect(backend.refusals).toBeGreaterThan(0), WAIT);
  expect(backend.events).toEqual([]);
  backend.eventStatus = 200;
  await vi.waitFor(() => expect(backend.events).toHaveLength(3), WAIT);
  socket.close();
  await vi.waitFor(() => expect(backend.events).toHaveLength(6), WAIT);
  const [joined = 0, left = 0] = ["member.joined", "member.left"].map(
    (wanted) => backend.events.find(({ kind }) => kind === wanted)?.sequence,
  );
  expect(left).toBeGreaterThan(joined);
});
