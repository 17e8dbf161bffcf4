import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Centrifuge } from "centrifuge";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { findFreePort } from "../support/gateway.ts";
import { PATIENCE_MS } from "../support/patience.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const WAIT = { timeout: PATIENCE_MS, interval: 50 };

let gateway: Workerd;
let chat: ChildProcess;
let url: string;
const clients: Centrifuge[] = [];

beforeAll(async () => {
  const [port, gatewayPort] = [await findFreePort(), await findFreePort()];
  url = `http://127.0.0.1:${port}`;
  const secrets = {
    TOKEN_SECRET: "for tokens".padEnd(32, "x"),
    API_KEY: "for the API",
    EVENT_SECRET: "for events".padEnd(32, "x"),
  };
  gateway = await startWorkerd({
    configPath: "test/objects/example-worker/wrangler.toml",
    port: gatewayPort,
    vars: {
      ENVIRONMENT: "development",
      TOKEN_HMAC_SECRET: secrets.TOKEN_SECRET,
      API_KEY: secrets.API_KEY,
      EVENT_SECRET: secrets.EVENT_SECRET,
      CHAT_WEBHOOK: `${url}/events`,
    },
  });
  chat = spawn(process.execPath, ["examples/chat-backend/server.ts"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...secrets, GATEWAY_URL: gateway.url, PORT: `${port}` },
  });
  if (chat.stdout === null) throw new Error("the chat backend has no output");
  await once(createInterface(chat.stdout), "line");
});
afterAll(async () => {
  for (const client of clients) client.disconnect();
  if (chat?.exitCode === null && chat.kill()) await once(chat, "exit");
  await gateway?.stop();
});

async function ask<Answer>(
  path: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, ...(await response.json()) };
}

/** Logs a user in, and connects with the token. */
async function join(user: string, room: string) {
  const { token } = await ask<{ token: string }>("/login", { user });
  const client = new Centrifuge(`ws://127.0.0.1:${gateway.port}/connection/websocket`, {
    token,
    websocket: WebSocket,
    timeout: PATIENCE_MS,
  });
  clients.push(client);
  const subscription = client.newSubscription(`chat:${room}`);
  const heard: unknown[] = [];
  subscription.on("publication", ({ data }) => heard.push(data));
  subscription.subscribe();
  client.connect();
  await subscription.ready(PATIENCE_MS);
  return { client, subscription, heard };
}

const online = (room: string) => ask<{ users: string[] }>("/online", { room }).then(({ users }) => users);

test("EVENT-12: the chat backend issues tokens, publishes over HTTP, and hears who is online", async () => {
  const ada = await join("ada", "lobby");
  const bob = await join("bob", "lobby");
  await vi.waitFor(async () => expect(await online("lobby")).toEqual(["ada", "bob"]), WAIT);
  expect(await ask("/messages", { room: "lobby", user: "ada", text: "hi" })).toMatchObject({
    result: { offset: 1 },
  });
  for (const { heard } of [ada, bob]) {
    await vi.waitFor(() => expect(heard).toEqual([{ user: "ada", text: "hi" }]), WAIT);
  }
  await expect(ada.subscription.publish("not through the backend")).rejects.toMatchObject({ code: 103 });
  bob.client.disconnect();
  await vi.waitFor(async () => expect(await online("lobby")).toEqual(["ada"]), WAIT);
});

test("EVENT-12: the chat backend believes no event that is not signed", async () => {
  const events = [{ kind: "member.joined", channel: "chat:forged", client: "c", user: "eve", sequence: 9 }];
  expect(await ask("/events", { events }, { "X-Poorwill-Signature": "t=1,v1=0" })).toEqual({ status: 400 });
  expect(await online("forged")).toEqual([]);
});
