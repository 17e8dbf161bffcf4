import { beforeAll, expect, onTestFinished, test } from "vitest";
import { ask, enableUserCommands, KEY, request } from "./api-client.ts";
import { FATES } from "./delivery-scene.ts";
import { sign } from "./hub-config.ts";
import { setWay } from "./hub-links.ts";
import { captureErrors } from "./log.ts";
import { TestHub } from "./test-hub.ts";

beforeAll(enableUserCommands);

async function connectNewUser() {
  const user = crypto.randomUUID();
  const hub = new TestHub({ config: { connection: { userCommands: true } } });
  const client = await hub.connect({ token: await sign({ sub: user }) });
  return { user, hub, client, channel: `keep:${crypto.randomUUID()}` };
}

test.each(['{"n":12345678901234567890}', "12345678901234567890"])(
  "API-30: data and info reach the client with every digit: %s",
  async (payload) => {
    const { user, client, channel } = await connectNewUser();
    const body = `{"user":"${user}","channel":"${channel}","data":${payload},"info":${payload}}`;
    await request("/api/subscribe", { headers: { "X-API-Key": KEY }, body });
    await client.push("subscribe");
    const frames = client.frames.filter((frame) => (frame as string).includes('"subscribe"'));
    expect(frames.join("\n")).toContain(payload);
  },
);

test("API-42: a subscription whose home does not answer closes the connection with 3010, so that the client comes back", async () => {
  const errors = captureErrors();
  const { user, hub, client, channel } = await connectNewUser();
  setWay(hub.name, (call, carryOut) => (call.method === "follow" ? FATES.lost() : carryOut()));
  onTestFinished(() => setWay(hub.name, undefined));
  await ask("subscribe", { user, channel });
  expect((await client.closed).code).toBe(3010);
  expect(errors().some(({ event }) => event === "hub.user_subscribe_failed")).toBe(true);
});
