/** The overview as a person uses it, at a gateway that was made up. */

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { OverviewMessage } from "../../src/overview/messages.ts";
import { launchBrowser, openPage } from "./browser.ts";
import { hubsOf, snapshotOf } from "./made-up-overview.ts";
import { type StandIn, startStandIn } from "./overview-stand-in.ts";

export interface OverviewSuite {
  /** Opens the overview, signed out. */
  visit(options?: BrowserContextOptions, path?: string): Promise<Page>;
  /** Opens the overview, and signs in. */
  enter(options?: BrowserContextOptions, path?: string): Promise<Page>;
  standIn(): StandIn;
  /** Lets the pages of the present test complain about what matches. Anything else that they say fails it. */
  expectProblems(pattern: RegExp): void;
}

export const KEY = "the key of an operator";

const NONE = /^$/;

/** One browser for all tests of a file, and a gateway and pages for each of them. */
export function useOverview(first: () => OverviewMessage = () => snapshotOf(hubsOf(200))): OverviewSuite {
  let browser: Browser;
  let standIn: StandIn;
  let problems: string[][] = [];
  let expected = NONE;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    standIn = await startStandIn(first);
  });
  afterEach(async () => {
    const unexpected = problems.flat().filter((problem) => !expected.test(problem));
    problems = [];
    expected = NONE;
    await Promise.all(browser.contexts().map((context) => context.close()));
    standIn.close();
    expect(unexpected).toEqual([]);
  });

  const visit = async (options: BrowserContextOptions = {}, path = "/#overview") => {
    const watched = await openPage(browser, standIn.url + path, options);
    problems.push(watched.problems);
    await watched.page.locator("#sign-in:enabled").waitFor();
    return watched.page;
  };
  return {
    visit,
    async enter(options, path) {
      const page = await visit(options, path);
      await signIn(page);
      return page;
    },
    standIn: () => standIn,
    expectProblems(pattern) {
      expected = pattern;
    },
  };
}

/** Signs in, and returns when the page knows what the key may do. */
export async function signIn(page: Page, key = KEY): Promise<void> {
  await page.getByLabel("API key").fill(key);
  await page.getByLabel("API key").press("Enter");
  await page.getByRole("button", { name: "Sign out" }).waitFor();
}

/** Titles of the parts that are in sight. */
export function parts(page: Page): Promise<string[]> {
  return page
    .locator("#overview section:visible > h2, #overview section:visible > .card-head h2")
    .allInnerTexts();
}
