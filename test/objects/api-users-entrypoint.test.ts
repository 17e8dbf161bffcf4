import { exports } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { inSeconds, sign } from "../support/hub-config.ts";
import { enableUserCommands } from "./api-client.ts";
import { TestHub } from "./test-hub.ts";

beforeAll(enableUserCommands);

async function connectAs(user: string) {
  const hub = new TestHub({ config: { connection: { userCommands: true } } });
  return hub.connect({ token: await sign({ sub: user, exp: inSeconds(3600) }) });
}

test("API-50: through the binding, each method on a user does its own and nothing else", async () => {
  const user = crypto.randomUUID();
  const channel = `open:${crypto.randomUUID()}`;
  const clients = [await connectAs(user), await connectAs(user)];
  const other = await connectAs(crypto.randomUUID());
  expect(await exports.Api.subscribe({ user, channel })).toEqual({ result: {} });
  for (const client of clients) expect(await client.push("subscribe")).toMatchObject({ channel });
  expect(await exports.Api.refresh({ user, expire_at: inSeconds(600) })).toEqual({ result: {} });
  for (const client of clients)
    expect(await client.push("refresh")).toMatchObject({ refresh: { expires: true } });
  expect(await exports.Api.unsubscribe({ user, channel })).toEqual({ result: {} });
  for (const client of clients) {
    expect(await client.push("unsubscribe")).toMatchObject({ channel, unsubscribe: { code: 2000 } });
    expect([client.unread, client.isClosed]).toEqual([[], false]);
  }
  expect(await exports.Api.disconnect({ user })).toEqual({ result: {} });
  for (const client of clients) {
    expect(await client.closed).toMatchObject({ code: 3503 });
    expect(client.unread).toEqual([]);
  }
  // Whatever was sent to it before arrives before the reply.
  await other.request("presence", { channel });
  expect(other.unread).toEqual([]);
});
