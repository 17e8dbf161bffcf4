import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { launchBrowser, openPage, type WatchedPage } from "./browser.ts";
import { type Gateway, type GatewayOptions, startGateway } from "./gateway.ts";

export interface ConsoleSuite {
  /** Opens a page of the gateway, the console unless another path is given. */
  visit(options?: BrowserContextOptions, path?: string): Promise<Page>;
  /**
   * Opens the console before the first test, for one that would otherwise wait for time to pass. The page stays until
   * the end; its test is the one that calls what is returned.
   */
  visitEarly(): () => Page;
  /** Lets the pages of the present test complain about what matches. Anything else that they say fails it. */
  expectProblems(pattern: RegExp): void;
  /** The gateway's address, with `ws:` where that is asked for. */
  url(scheme?: "http" | "ws"): string;
  stopGateway(): Promise<void>;
  /** Starts it again, on the port that it had. */
  startGatewayAgain(): Promise<void>;
}

const NONE = /^$/;

/** One gateway and one browser for all tests of a file, and new pages for each of them. */
export function useConsole(options: GatewayOptions = {}): ConsoleSuite {
  let gateway: Gateway;
  let browser: Browser;
  let problems: string[][] = [];
  let expected = NONE;
  const early: BrowserContext[] = [];

  beforeAll(async () => {
    [gateway, browser] = await Promise.all([startGateway(options), launchBrowser()]);
  });

  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });

  afterEach(async () => {
    const unexpected = problems.flat().filter((problem) => !expected.test(problem));
    problems = [];
    expected = NONE;
    const opened = browser.contexts().filter((context) => !early.includes(context));
    await Promise.all(opened.map((context) => context.close()));
    expect(unexpected).toEqual([]);
  });

  return {
    async visit(contextOptions = {}, path = "/") {
      const watched = await openPage(browser, gateway.url + path, contextOptions);
      problems.push(watched.problems);
      return watched.page;
    },
    visitEarly() {
      let watched: WatchedPage;
      beforeAll(async () => {
        watched = await openPage(browser, gateway.url);
        early.push(watched.page.context());
      });
      return () => {
        problems.push(watched.problems);
        return watched.page;
      };
    },
    expectProblems(pattern) {
      expected = pattern;
    },
    url: (scheme = "http") => gateway.url.replace("http", scheme),
    stopGateway: () => gateway.stop(),
    async startGatewayAgain() {
      gateway = await startGateway({ ...options, port: gateway.port });
    },
  };
}
