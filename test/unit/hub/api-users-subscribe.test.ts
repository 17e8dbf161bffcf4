import { beforeAll, expect, onTestFinished, test } from "vitest";
import { sign } from "../../support/hub-config.ts";
import { setWay } from "../../support/hub-links.ts";
import { captureErrors } from "../../support/log.ts";
import { ask, callText, enableUserCommands } from "../../support/node/api-client.ts";
import { FATES } from "../../support/node/delivery-scene.ts";
import { TestHub } from "../../support/node/test-hub.ts";

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
    await callText("subscribe", body);
    await client.push("subscribe");
    const frames = client.frames.filter((frame) => (frame as string).includes('"subscribe"'));
    expect(frames.join("\n")).toContain(payload);
  },
);

test("API-43: b64data and b64info stand before data and info", async () => {
  const { user, client, channel } = await connectNewUser();
  const plain = { data: 1, info: 2 };
  const [b64data, b64info] = [btoa('{"a":1}'), btoa('{"b":2}')];
  await ask("subscribe", { user, channel, ...plain, b64data, b64info });
  expect((await client.push("subscribe")).subscribe).toMatchObject({ data: { a: 1 } });
  await ask("refresh", { user, info: 3, b64info: btoa('{"c":3}') });
  await client.push("refresh");
  const { presence } = await ask("presence", { channel });
  expect(Object.values(presence as object)).toMatchObject([{ chan_info: { b: 2 }, conn_info: { c: 3 } }]);
});

test("API-42: a subscription whose home does not answer closes the connection with 3010, so that the client comes back", async () => {
  const errors = captureErrors();
  const { user, hub, client, channel } = await connectNewUser();
  setWay(hub.name, (call, carryOut) => (call.method === "follow" ? FATES.lost() : carryOut()));
  onTestFinished(() => setWay(hub.name, undefined));
  await ask("subscribe", { user, channel });
  expect((await client.closed).code).toBe(3010);
  expect(errors().some(({ event }) => event === "hub.user_subscribe_failed")).toBe(true);
});
