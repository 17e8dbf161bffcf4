import { expect, onTestFinished, test } from "vitest";
import { DISCONNECTS } from "../../src/shared/codes.ts";
import { ChannelClient, type Feed } from "../support/channel-client.ts";
import { channelIn } from "../support/channel-gateway.ts";
import { useConsole } from "../support/console-suite.ts";
import { KEY, signIn } from "../support/overview-page.ts";
import { SECRET, sign } from "../support/tokens.ts";
import { until } from "../support/until.ts";

const OPERATOR = { name: "on call", key: KEY, methods: ["observe", "operate", "trace"] };
const { visit, url } = useConsole({
  configPath: "test/gateway/observed/wrangler.toml",
  vars: { OPERATOR_KEYS: JSON.stringify([OPERATOR]), TOKEN_HMAC_SECRET: SECRET },
});

/** A client of the SDK that is subscribed to a channel of its own. */
async function subscriber(user: string): Promise<{ client: ChannelClient; feed: Feed; channel: string }> {
  const channel = channelIn("public");
  const address = `${url("ws")}/connection/websocket?channel=${encodeURIComponent(channel)}`;
  const client = new ChannelClient(address, { token: await sign({ sub: user }) });
  onTestFinished(() => client.centrifuge.disconnect());
  await client.connect();
  return { client, channel, feed: await client.subscribe(channel) };
}

async function enter() {
  const page = await visit({}, "/#overview");
  await page.locator("#sign-in:enabled").waitFor();
  await signIn(page);
  return page;
}

test("PAGE-55: a hub of a real gateway comes into the overview when it reports, without being asked", async () => {
  const page = await enter();
  await page.locator("#overview-status").filter({ hasText: /^live/ }).waitFor();
  const { channel } = await subscriber("watched");
  const row = page.locator(".hub-row").filter({ hasText: `home/${channel}` });
  await row.click();
  await page.locator("#hub-facts").getByText("takes newcomers").waitFor();
  await page.locator("#hub-facts").getByText("1, 1 connected").waitFor();
  await page
    .locator("#hub-facts")
    .getByText(/connect 1/)
    .waitFor();
  await page
    .locator("#overview-status")
    .filter({ hasText: /^live · \d+ hubs?$/ })
    .waitFor();
});

test("PAGE-58: who is subscribed gets what an operator publishes, and who is disconnected is told so", async () => {
  const { client, channel, feed } = await subscriber("acted on");
  const page = await enter();
  await page.getByLabel("Name", { exact: true }).fill(channel);
  await page.getByRole("button", { name: "Publish …" }).click();
  await page.getByLabel("Data (JSON)").fill('"from the operator"');
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByRole("status").filter({ hasText: "Published as number 1 of its stream." }).waitFor();
  await feed.untilReceived(1);
  expect(feed.data).toEqual(["from the operator"]);
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByLabel("User id").first().fill("acted on");
  await page.getByRole("button", { name: "Disconnect …" }).first().click();
  await page.getByRole("button", { name: "Disconnect", exact: true }).click();
  await page.getByRole("status").filter({ hasText: "Disconnected." }).waitFor();
  expect((await client.untilDisconnected()).code).toBe(3503);
});

test("PAGE-56: the channels of a real gateway are listed and searched", async () => {
  const { channel } = await subscriber("in a channel");
  const page = await enter();
  await page.getByLabel("Search channels").fill(channel);
  const row = page.locator(".channel-row").filter({ hasText: channel });
  const again = page.getByRole("button", { name: "Ask again" });
  // Its hub tells the directory within seconds, and the page does not ask by itself.
  await expect
    .poll(async () => {
      await again.click();
      return row.count();
    })
    .toBe(1);
  await row.click();
  expect(await page.locator("#picked-channel").inputValue()).toBe(channel);
});

test("PAGE-57: the connections of a user are found, and one that is blocked is let in only when unblocked", async () => {
  const { client, channel } = await subscriber("blocked");
  const page = await enter();
  await page.getByLabel("User id").first().fill("blocked");
  await page.getByRole("button", { name: "Look up" }).click();
  const found = page.locator("#user-connections li");
  await found.filter({ hasText: `websocket, json at home/${channel}` }).waitFor();
  expect(await found.innerText()).toContain(channel);
  await page.getByRole("button", { name: "Block …", exact: true }).click();
  await page.getByRole("button", { name: "Block", exact: true }).click();
  await page.getByRole("status").filter({ hasText: "Blocked." }).waitFor();
  expect(await client.untilDisconnected()).toMatchObject({ code: DISCONNECTS.blocked.code });
  client.centrifuge.connect();
  await until(() => client.disconnected.length === 2, "the refusal");
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Unblock …" }).click();
  await page.getByRole("button", { name: "Unblock", exact: true }).click();
  await page.getByRole("status").filter({ hasText: "Unblocked." }).waitFor();
  client.centrifuge.connect();
  await client.untilConnected(2);
});

test("PAGE-59: what a client does is traced while it does it", async () => {
  const { client, channel } = await subscriber("traced");
  const page = await enter();
  await page.getByLabel("Name", { exact: true }).fill(channel);
  await page.locator("#trace-payloads").check();
  await page.locator("#trace-channel").click();
  await page
    .locator("#trace-state")
    .filter({ hasText: `Tracing channel ${channel} at 1 hub` })
    .waitFor();
  await client.centrifuge.publish(channel, { number: 1 });
  const rows = page.locator("#trace-log-rows .entry");
  await rows.filter({ hasText: "publish" }).filter({ hasText: "user traced" }).first().click();
  await page.locator("#trace-event").filter({ hasText: '"number": 1' }).waitFor();
  await rows.filter({ hasText: "to 1 subscriber" }).waitFor();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.locator("#trace-state").filter({ hasText: "Stopped." }).waitFor();
});
