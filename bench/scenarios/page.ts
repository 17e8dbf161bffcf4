import type { Browser } from "playwright-core";
import { launchBrowser, openPage } from "../../test/support/browser.ts";
import { startChannelFlood } from "../../test/support/channel-flood.ts";
import { part, subscribe } from "../../test/support/channels-page.ts";
import { startGateway } from "../../test/support/gateway.ts";
import { type Task, tasksDuring } from "../page-tasks.ts";
import type { Sample, Scenario } from "../scenario.ts";
import { quantile, sort } from "../statistics.ts";

const PUBLICATIONS = 10_000;
const MILLISECONDS = 9_000;
const PER_FRAME = [1, 50, 500] as const;
const CHANNEL = "public:flood";

/**
 * How long the page answers nobody while publications come: its longest task. Beside it stands what that is in processor
 * time, without what else the machine did, and how much of a core all its tasks take.
 */
export const page: Scenario = {
  title: `The page, ${PUBLICATIONS.toLocaleString("en")} publications in ${MILLISECONDS / 1_000} s`,
  metrics: PER_FRAME.flatMap((count) => [
    { name: `${count} in a frame, ms of the longest task`, digits: 0 },
    { name: `${count} in a frame, processor ms of the longest task`, digits: 0 },
    { name: `${count} in a frame, % of a core`, digits: 0 },
  ]),
  goals: PER_FRAME.map((count) => ({ metric: `${count} in a frame, ms of the longest task`, atMost: 50 })),
  maxRounds: 3,
  run: async () => new Map([["poorwill", await sample()]]),
};

async function sample(): Promise<Sample> {
  const [gateway, browser] = await Promise.all([startGateway(), launchBrowser()]);
  try {
    const values: number[] = [];
    for (const count of PER_FRAME) {
      values.push(...sizesOf(await flood(browser, `${gateway.url}/#channels`, count)));
    }
    return values;
  } finally {
    await browser.close();
    await gateway.stop();
  }
}

function sizesOf(tasks: readonly Task[]): Sample {
  const times = sort(tasks.map(({ time }) => time));
  const processorTimes = sort(tasks.map(({ processorTime }) => processorTime));
  const all = processorTimes.reduce((sum, time) => sum + time, 0);
  return [quantile(times, 1), quantile(processorTimes, 1), (100 * all) / MILLISECONDS];
}

/** The tasks of the page meanwhile. */
async function flood(browser: Browser, address: string, perFrame: number): Promise<readonly Task[]> {
  const source = await startChannelFlood();
  const { page: opened } = await openPage(browser, address);
  await opened.locator("#channels-status[data-state=open]").waitFor();
  await opened.locator("#endpoint").fill(source.url);
  await opened.locator("#channels-connect").click();
  const shown = await subscribe(opened, CHANNEL);
  const tasks = await tasksDuring(opened, async () => {
    await source.publish(CHANNEL, PUBLICATIONS, perFrame, MILLISECONDS);
    await part(shown, "received")
      .filter({ hasText: `${PUBLICATIONS}` })
      .waitFor();
  });
  await opened.context().close();
  source.close();
  return tasks;
}
