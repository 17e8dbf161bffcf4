/** A browser and a gateway that was made up, for suites about the overview. */

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { OverviewMessage } from "../../src/overview/messages.ts";
import { launchBrowser, openPage } from "./browser.ts";
import { hubsOf, snapshotOf } from "./made-up-overview.ts";
import { signIn } from "./overview-page.ts";
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
