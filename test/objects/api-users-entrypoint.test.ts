import { exports } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { inSeconds } from "../support/hub-config.ts";
import { enableUserCommands } from "./api-client.ts";
import { arrived, newChannel, scene } from "./users-scene.ts";

beforeAll(enableUserCommands);

test("API-50: through the binding, each method on a user does its own and nothing else", async () => {
  const { user, here, there, other } = await scene();
  const channel = newChannel("open");
  const clients = [here.client, there.client];
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
  await arrived(other.client);
  expect(other.client.unread).toEqual([]);
});
