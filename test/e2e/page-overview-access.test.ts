import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, test } from "vitest";
import { hubsOf, snapshotOf } from "../support/made-up-overview.ts";
import { useOverview } from "../support/overview-suite.ts";
import { lowContrastTexts, namelessControls } from "../support/page-checks.ts";

const { visit, enter, standIn } = useOverview();
const PHONE = { viewport: { width: 375, height: 812 }, isMobile: true };
const MARKUP = "<img src=x onerror=alert(1)><b id=injected>";

const focused = (page: Page) => page.evaluate(() => document.activeElement?.id);

/** An overview in which every part has something to show. */
async function enterBusy(options: BrowserContextOptions = {}): Promise<Page> {
  const line = { line: "event", at: Date.now(), event: "error", hub: "h", channel: "a", code: 103 };
  standIn().api.answer("trace", `${JSON.stringify(line)}\n`);
  standIn().api.answer("overview_channels", {
    result: { channels: [{ channel: `chat:${"x".repeat(200)}`, num_clients: 9 }], total: 1, complete: true },
  });
  standIn().api.answer("user_connections", {
    result: {
      connections: [
        {
          client: "b6f1",
          hub: `edge/${"y".repeat(80)}`,
          transport: "websocket",
          protocol: "json",
          connected_at: Date.now(),
          num_subscriptions: 1,
          channels: ["z".repeat(200)],
        },
      ],
      more: 0,
      unanswered: 0,
    },
  });
  const page = await enter(options);
  await page.locator(".hub-row").first().click();
  await page.locator(".channel-row").first().click();
  await page.getByLabel("User id").first().fill("42");
  await page.getByRole("button", { name: "Look up" }).click();
  await page.locator("#user-connections li").waitFor();
  await page.locator("#trace-user").click();
  await page.locator("#trace-log-rows .entry").first().click();
  await page.locator("#trace-event").waitFor();
  return page;
}

test("PAGE-16: the keyboard reaches everything that matters in the overview", async () => {
  const page = await visit();
  await page.locator("#views a[aria-current]").focus();
  await page.keyboard.press("c");
  expect(await focused(page)).toBe("operator-key");
  await page.keyboard.type("the key");
  await page.keyboard.press("Enter");
  await page.locator("#sign-out:focus").waitFor();
  await page.locator(".hub-row").first().waitFor();
  for (const [key, id] of [
    ["/", "channel-search"],
    ["u", "user"],
    ["t", "trace-name"],
    ["l", "hubs-rows"],
  ] as const) {
    await page.locator("#sign-out").focus();
    await page.keyboard.press(key);
    expect(await focused(page)).toBe(id);
  }
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.locator("#hub-facts").getByText("home/chat:1", { exact: true }).waitFor();
  await page.keyboard.press("Home");
  await page.locator("#hub-facts").getByText("edge/weur/0", { exact: true }).waitFor();
});

test("PAGE-16: the skip link leads past the charts", async () => {
  const page = await enter();
  await page.getByRole("link", { name: "Skip to the hubs" }).press("Enter");
  expect(await focused(page)).toBe("overview-centre");
  expect(await page.locator("#overview").isVisible()).toBe(true);
});

test("PAGE-17: every control of the overview has a name, and every id is there once", async () => {
  const page = await enterBusy();
  expect(await namelessControls(page)).toEqual([]);
  await page.locator("[data-action=block_user]").click();
  const ids = await page.locator("[id]").evaluateAll((elements) => elements.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
});

test("PAGE-18: names of hubs, channels and users never become markup", async () => {
  const [hub] = hubsOf(1);
  if (!hub) throw new Error("no hub");
  standIn().api.answer("overview_channels", {
    result: { channels: [{ channel: MARKUP, num_clients: 1 }], total: 1, complete: true },
  });
  const page = await enter();
  await page.locator(".hub-row").first().waitFor();
  standIn().push(snapshotOf([{ ...hub, hub: `home/${MARKUP}` }], Date.now() + 1));
  await page.locator(".hub-row").filter({ hasText: MARKUP }).click();
  await page.locator("#hub-facts").getByText(MARKUP).waitFor();
  await page.locator(".channel-row").filter({ hasText: MARKUP }).click();
  expect(await page.locator("#injected, #overview img").count()).toBe(0);
});

test.each(["light", "dark"] as const)(
  "PAGE-19: the overview is readable on a phone, %s",
  async (colorScheme) => {
    const page = await enterBusy({ ...PHONE, colorScheme });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
    const tops = await page.locator("#overview section:visible h2").evaluateAll((titles) =>
      titles
        .map((title) => [title.getBoundingClientRect().top, title.textContent] as const)
        .sort(([one], [other]) => one - other)
        .map(([, words]) => words),
    );
    expect(tops.slice(0, 3)).toEqual(["Operator", "Hubs", "Channels"]);
  },
);

test("PAGE-19: in both colour schemes, all text of the overview stands out", async () => {
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await enterBusy({ colorScheme });
    expect(await lowContrastTexts(page)).toEqual([]);
    await page.locator("[data-action=publish]").click();
    await page.locator("#action-confirm").click();
    await page.locator("#action-problem").waitFor();
    expect(await lowContrastTexts(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Sign out" }).click();
    expect(await lowContrastTexts(page)).toEqual([]);
  }
});

test("PAGE-36: at 1280 px the tools of each list stand in one row", async () => {
  const page = await enter({ viewport: { width: 1280, height: 800 } });
  const rows = await page.locator(".overview .centre .tools").evaluateAll((bars) =>
    bars.map((bar) => {
      const tops = [...bar.querySelectorAll("input, select, button")].map(
        (item) => item.getBoundingClientRect().top,
      );
      return new Set(tops).size;
    }),
  );
  expect(rows).toEqual([1, 1]);
});
