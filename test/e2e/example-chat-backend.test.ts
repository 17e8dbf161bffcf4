import { Centrifuge } from "centrifuge";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { type Example, startExample } from "../support/example.ts";
import { findFreePort } from "../support/gateway.ts";
import { PATIENCE_MS } from "../support/patience.ts";
import { until } from "../support/until.ts";

let example: Example;
/** The backend. */
let url: string;

beforeAll(async () => {
  const port = await findFreePort();
  url = `http://127.0.0.1:${port}`;
  example = await startExample("chat-backend", { options: `--var CHAT_WEBHOOK:${url}/events` });
  const backend = example.start("npm run backend", { PORT: `${port}`, GATEWAY_URL: example.url });
  await until(() => backend.output().includes("listens") || backend.ended() !== undefined, "the backend");
  if (backend.ended() !== undefined) throw new Error(backend.output());
});
afterAll(() => example?.stop());

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
  const address = `${example.url.replace("http", "ws")}/connection/websocket`;
  const client = new Centrifuge(address, { token, websocket: WebSocket, timeout: PATIENCE_MS });
  onTestFinished(() => client.disconnect());
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
  const ada = await join("ada", "salon");
  const bob = await join("bob", "salon");
  await expect.poll(() => online("salon")).toEqual(["ada", "bob"]);
  expect(await ask("/messages", { room: "salon", user: "ada", text: "hi" })).toMatchObject({
    result: { offset: 1 },
  });
  for (const { heard } of [ada, bob]) await expect.poll(() => heard).toEqual([{ user: "ada", text: "hi" }]);
  await expect(ada.subscription.publish("not through the backend")).rejects.toMatchObject({ code: 103 });
  bob.client.disconnect();
  await expect.poll(() => online("salon")).toEqual(["ada"]);
});

test("EVENT-12: the chat backend believes no event that is not signed", async () => {
  const events = [{ kind: "member.joined", channel: "chat:forged", client: "c", user: "eve", sequence: 9 }];
  expect(await ask("/events", { events }, { "X-Poorwill-Signature": "t=1,v1=0" })).toEqual({ status: 400 });
  expect(await online("forged")).toEqual([]);
});

test("EXAMPLE-05: the client of the chat backend logs in, speaks and hears", async () => {
  const client = example.start("npm run client", { BACKEND_URL: url, GATEWAY_URL: example.url });
  await until(() => client.output().includes("ada: hi\n") || client.ended() !== undefined, "the client");
  expect(client.output()).toContain("ada: hi\n");
});

test("EXAMPLE-05: pages of other origins may ask the chat backend", async () => {
  const answers = [
    await fetch(`${url}/login`, { method: "OPTIONS" }),
    await fetch(`${url}/login`, { method: "POST", body: '{"user":"ada"}' }),
  ];
  for (const { ok, headers } of answers) {
    expect(ok).toBe(true);
    expect(headers.get("Access-Control-Allow-Origin")).toBe("*");
  }
});
