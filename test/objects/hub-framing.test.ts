import { expect, test } from "vitest";
import { scenario, TestHub } from "./test-hub.ts";

scenario("SESS-01: a session subscribes, publishes and hears itself", { namespace: "keep" }, async ({ hub, channel }) => {
  const client = await hub.connect();
  const subscribed = await client.subscribe(channel);
  expect(subscribed).toMatchObject({ recoverable: true, epoch: expect.stringMatching(/^\w{8}$/) });
  expect(await client.publish(channel, { n: 1 })).toEqual({});
  expect(await client.publication(channel)).toMatchObject({ data: { n: 1 }, offset: 1 });
});
test("x", () => { new TestHub(); });
