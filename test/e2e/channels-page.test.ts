import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { useChannels } from "../support/channel-gateway.ts";
import {
  frames,
  panel,
  part,
  publications,
  publish,
  subscribe,
  waitForSession,
  waitForState,
} from "../support/channels-page.ts";
import { useConsole } from "../support/console-suite.ts";
import { SECRET, sign } from "../support/tokens.ts";

const { visit, expectProblems, url } = useConsole({ vars: { TOKEN_HMAC_SECRET: SECRET } });
/** With the gateway's usual interval, 25 s, a test would wait for long. */
const pinging = useChannels({ connection: { pingInterval: 5 } });

async function visitChannels(): Promise<Page> {
  const page = await visit({}, "/#channels");
  await waitForSession(page, /^connected/);
  return page;
}

async function connectWithToken(page: Page, token: string): Promise<void> {
  await page.locator("#channels-form summary").click();
  await page.getByLabel("Connection token").fill(token);
  await page.locator("#channels-connect").click();
}

describe("the session", () => {
  test("PAGE-21: the view connects to its own endpoint when it is first seen, and only then loads the SDK", async () => {
    const page = await visit();
    const loaded = () =>
      page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname));
    expect(await loaded()).not.toContain("/channels.js");
    await page.getByRole("link", { name: "Channels" }).click();
    await waitForSession(page, /^connected · 1 channel$/);
    expect(await loaded()).toContain("/channels.js");
    expect(await page.getByLabel("Endpoint").inputValue()).toBe(`${url("ws")}/connection/websocket`);
    expect(await page.locator("#fact-client").innerText()).toMatch(/^[\da-f-]{36}$/);
    expect(await page.locator("#fact-ping").innerText()).toBe("every 25 s · none yet");
    await waitForState(panel(page, "public:lobby"), /^subscribed$/);
  });

  test("PAGE-21: until the view is loaded, its forms cannot be sent", async () => {
    const page = await visit();
    const waiting = Promise.withResolvers<void>();
    await page.route("**/channels.js", async (route) => {
      await waiting.promise;
      await route.continue();
    });
    await page.getByRole("link", { name: "Channels" }).click();
    const buttons = [page.locator("#subscribe"), page.locator("#channels-connect")];
    for (const button of buttons) expect(await button.isDisabled()).toBe(true);
    waiting.resolve();
    await waitForSession(page, /^connected/);
    for (const button of buttons) expect(await button.isDisabled()).toBe(false);
  });

  test("PAGE-21: the endpoint is editable, and may name the channel that the session is placed with", async () => {
    const page = await visitChannels();
    await page.getByLabel("Endpoint").fill(`${url("ws")}/connection/websocket?channel=public:lobby`);
    await page.getByLabel("Endpoint").press("Enter");
    await page.locator(".entry[data-direction=note]").filter({ hasText: "?channel=public:lobby" }).waitFor();
    await waitForState(panel(page, "public:lobby"), /^subscribed$/);
  });

  test("PAGE-22: a session with a token is its user's, and channels of the token have panels too", async () => {
    const page = await visitChannels();
    await connectWithToken(page, await sign({ sub: "ada", channels: ["public:team"] }));
    const team = panel(page, "public:team");
    await waitForState(team, /^subscribed by the server$/);
    await publish(team, '{"from":"ada"}');
    await expect.poll(() => publications(team)).toEqual(['{"from":"ada"}']);
    const guest = await subscribe(await visitChannels(), "public:team");
    await guest.locator(".chip").filter({ hasText: "ada" }).waitFor();
  });

  test("PAGE-23: a token that the gateway does not accept is explained by its code", async () => {
    const page = await visitChannels();
    await connectWithToken(page, `${await sign({ sub: "ada" })}x`);
    await waitForSession(page, /^3500 invalid token$/);
    expect(await page.locator("#channels-problem").innerText()).toMatch(
      /^3500 invalid token\. .*signature.* It does not come back by itself\.$/,
    );
    await page.getByLabel("Connection token").fill("");
    await page.locator("#channels-connect").click();
    await waitForSession(page, /^connected/);
  });

  test("PAGE-23: an expired token is explained, before and after it is sent", async () => {
    const page = await visitChannels();
    await connectWithToken(page, await sign({ sub: "ada", exp: 1_000_000_000 }));
    await page.locator("#channels-problem").filter({ hasText: "The token has expired" }).waitFor();
    expect(await page.locator("#token-hint").innerText()).toMatch(/^A JWT for user “ada”, expired since Sep/);
    await frames(page, "received", "error").waitFor();
  });

  test("PAGE-23: a refused handshake shows the gateway's own error", async () => {
    expectProblems(/WebSocket connection to .* failed|status of 404/);
    const page = await visitChannels();
    await page.getByLabel("Endpoint").fill(`${url("ws")}/no/such/place`);
    await page.getByLabel("Endpoint").press("Enter");
    await page.locator("#channels-problem").filter({ hasText: "Refused: 404" }).waitFor();
    await waitForSession(page, /^not connected$/);
  });
});

describe("subscriptions", () => {
  test("PAGE-24: two subscriptions side by side, and a publication is in each page once", async () => {
    const [ada, bob] = await Promise.all([visitChannels(), visitChannels()]);
    const first = await subscribe(ada, "public:first");
    const second = await subscribe(ada, "public:second");
    const other = await subscribe(bob, "public:first");
    await publish(other, '{"n":1}');
    await publish(first, '{"n":2}');
    await publish(second, '"elsewhere"');
    for (const shown of [first, other]) {
      await expect.poll(() => publications(shown)).toEqual(['{"n":1}', '{"n":2}']);
      await part(shown, "offset").filter({ hasText: /^2$/ }).waitFor();
      expect(await part(shown, "epoch").innerText()).toMatch(/^\w{8}$/);
    }
    await expect.poll(() => publications(second)).toEqual(['"elsewhere"']);
    expect(await first.locator(".from").allInnerTexts()).toEqual([
      expect.stringMatching(/^[\da-f]{8}$/),
      "you",
    ]);
    const boxes = await Promise.all([first.boundingBox(), second.boundingBox()]);
    expect(boxes[0]?.y).toBe(boxes[1]?.y);
  });

  test("PAGE-24: what is no JSON is not published, and Ctrl Enter publishes", async () => {
    const shown = await subscribe(await visitChannels(), "public:json");
    const data = shown.getByLabel("JSON to publish");
    await publish(shown, "{oops");
    await part(shown, "problem").filter({ hasText: "Not JSON" }).waitFor();
    expect(await data.getAttribute("aria-invalid")).toBe("true");
    await data.fill("42");
    await data.press("Control+Enter");
    await expect.poll(() => publications(shown)).toEqual(["42"]);
    expect(await part(shown, "problem").isHidden()).toBe(true);
  });

  test("PAGE-24: a channel can be left, joined again where it was left, and removed", async () => {
    const [ada, bob] = await Promise.all([visitChannels(), visitChannels()]);
    const [left, other] = await Promise.all([subscribe(ada, "public:left"), subscribe(bob, "public:left")]);
    await left.getByRole("button", { name: "Unsubscribe" }).click();
    await waitForState(left, /^unsubscribed$/);
    await publish(other, '"meanwhile"');
    await expect.poll(() => publications(other)).toEqual(['"meanwhile"']);
    await left.getByRole("button", { name: "Subscribe" }).click();
    await expect.poll(() => publications(left)).toEqual(['r "meanwhile"']);
    await left.getByRole("button", { name: "Remove this channel" }).click();
    await waitForSession(ada, /^connected · 1 channel$/);
    expect(await left.count()).toBe(0);
  });

  test("PAGE-23: a channel of no namespace, or with a bad name, is explained by its code", async () => {
    const page = await visitChannels();
    for (const [channel, words] of [
      ["nowhere:x", /102 unknown channel\. No namespace of this name/],
      ["$public:x", /103 permission denied/],
    ] as const) {
      await page.getByLabel("Channel", { exact: true }).fill(channel);
      await page.getByLabel("Channel", { exact: true }).press("Enter");
      await part(panel(page, channel), "problem").filter({ hasText: words }).waitFor();
      await waitForState(panel(page, channel), /^unsubscribed$/);
    }
  });

  test("PAGE-25: history shows what is stored and where the stream is, and live goes on", async () => {
    const writer = await subscribe(await visitChannels(), "public:past");
    for (const json of ["1", "2", "3"]) await publish(writer, json);
    await expect.poll(() => publications(writer)).toEqual(["1", "2", "3"]);
    const reader = await subscribe(await visitChannels(), "public:past");
    await reader.getByRole("button", { name: "History" }).click();
    await reader.getByText(/^3 stored publications, up to offset 3 of epoch \w{8}$/).waitFor();
    expect(await publications(reader)).toEqual(["1", "2", "3"]);
    await publish(writer, "4");
    await part(reader, "offset").filter({ hasText: /^4$/ }).waitFor();
    await reader.getByRole("button", { name: "Live" }).click();
    await expect.poll(() => publications(reader)).toEqual(["4"]);
  });

  test("PAGE-26: who is there is shown, and stays current as others come and go", async () => {
    const stays = await subscribe(await visitChannels(), "public:people");
    const counted = (words: string) => part(stays, "counts").filter({ hasText: words }).waitFor();
    await counted("1 client, 1 user");
    expect(await stays.locator(".chip").allInnerTexts()).toEqual(["you"]);
    const guest = await visitChannels();
    await subscribe(guest, "public:people");
    await counted("2 clients, 1 user");
    const id = await guest.locator("#fact-client").innerText();
    await stays
      .locator(".chip")
      .filter({ hasText: id.slice(0, 8) })
      .waitFor();
    await guest.close();
    await counted("1 client, 1 user");
  });
});

describe("recovery", () => {
  test("PAGE-27: a dropped connection comes back by itself, after a visible wait", async () => {
    const page = await visitChannels();
    const client = await page.locator("#fact-client").innerText();
    await page.getByRole("button", { name: "Drop my connection" }).click();
    await waitForSession(page, /^offline, dropped by you$/);
    await page
      .locator("#outage-text")
      .filter({ hasText: /^Offline, back in [\d.]+ s$/ })
      .waitFor();
    await waitForSession(page, /^connected/);
    expect(await page.locator("#outage").isHidden()).toBe(true);
    expect(await page.locator("#fact-client").innerText()).not.toBe(client);
  });

  test("PAGE-28: what was missed comes back marked as recovered, once and in order", async () => {
    const [away, here] = await Promise.all([visitChannels(), visitChannels()]);
    const [mine, theirs] = await Promise.all([
      subscribe(away, "public:tunnel"),
      subscribe(here, "public:tunnel"),
    ]);
    await publish(theirs, '"before"');
    await expect.poll(() => publications(mine)).toEqual(['"before"']);
    await away.getByLabel("Stay offline").check();
    await away.getByRole("button", { name: "Drop my connection" }).click();
    await away.getByText("Offline until you say so").waitFor();
    const missed = ['"one"', '"two"', '"three"'];
    for (const json of missed) await publish(theirs, json);
    await expect.poll(() => publications(theirs)).toEqual(['"before"', ...missed]);
    expect(await publications(mine)).toEqual(['"before"']);
    expect(await part(mine, "outcome").innerText()).toBe("will ask for what comes after offset 1");

    await away.getByRole("button", { name: "Back now" }).click();
    await waitForState(mine, /^subscribed$/);
    await publish(theirs, '"after"');
    const recovered = missed.map((json) => `r ${json}`);
    await expect.poll(() => publications(mine)).toEqual(['"before"', ...recovered, '"after"']);
    expect(await part(mine, "outcome").innerText()).toBe(
      "wasRecovering: true, recovered: true – 3 publications came back",
    );
    expect(await mine.locator(".tag").allInnerTexts()).toEqual(["recovered", "recovered", "recovered"]);
    expect(await mine.locator("[data-flaw]").count()).toBe(0);
  });
});

describe("the frames", () => {
  test("PAGE-29: frames are shown in both directions, and a picked one line by line", async () => {
    const page = await visitChannels();
    await frames(page, "received", "subscribe").first().waitFor();
    await frames(page, "received", "connect").first().waitFor();
    await frames(page, "sent", "connect").click();
    expect(await page.locator("#frame-lines strong").allInnerTexts()).toEqual(["connect", "subscribe"]);
    expect(await page.locator("#frame-lines pre").nth(1).innerText()).toMatch(/"channel": "public:lobby"/);
    await page.getByText("Opens the session").waitFor();
    await page.getByLabel("Filter frames").fill("no frame has this");
    await page.getByText("Nothing matches the filter.").waitFor();
  });

  test("PAGE-29: pings and pongs are told apart, timed, and can be hidden", async () => {
    const page = await visitChannels();
    await page.getByLabel("Endpoint").fill(`ws://127.0.0.1:${pinging.port}/connection/websocket`);
    await page.getByLabel("Endpoint").press("Enter");
    const [ping, pong, answer] = [
      frames(page, "received", "ping").first(),
      frames(page, "sent", "pong").first(),
      frames(page, "received", "ack").first(),
    ];
    await ping.waitFor();
    await pong.waitFor();
    await answer.waitFor();
    await page
      .locator("#fact-ping")
      .filter({ hasText: /^every 5 s · last \d+ s ago · \d+ ms$/ })
      .waitFor();
    await page.getByLabel("Hide pings and pongs").check();
    await ping.waitFor({ state: "detached" });
    // Of the others, only those in sight are drawn, and a slow page has had more of them.
    await page
      .locator("#frames-log-count")
      .filter({ hasText: /^[1-9]\d* of \d+ entries/ })
      .waitFor();
  });
});
