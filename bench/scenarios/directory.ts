import { startWorkerd } from "../../test/support/workerd.ts";
import type { Scenario } from "../scenario.ts";

const HUBS = 1_000;
const REPORTS = 4_000;
/** A hub that is always busy reports every 8 s. */
const WORST = HUBS / 8;
const SEARCHED = { hubs: 200, channels: 1_000, distinct: 100_500 };

/**
 * How many reports of 1,000 hubs the one directory takes, and what an overview and a search for channels take of it. The
 * worst that 1,000 hubs do is 125 reports a second.
 */
export const directory: Scenario = {
  title: "The directory of 1,000 hubs",
  metrics: [
    { name: "reports/s", digits: 0 },
    { name: "reports/s, overview open", digits: 0 },
    { name: "overview ms", digits: 1 },
    { name: "search of 100,000 channels ms", digits: 1 },
  ],
  goals: [
    { metric: "reports/s", atLeast: 2 * WORST },
    { metric: "reports/s, overview open", atLeast: 2 * WORST },
  ],
  maxRounds: 3,
  run: async () => {
    const gateway = await startWorkerd({ configPath: "bench/peers/workers/directory.toml" });
    const call = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${gateway.port}${path}`);
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return response.text();
    };
    const report = `/report?of=a&reports=${REPORTS}&hubs=${HUBS}&channels=20`;
    await call(report);
    const quiet = await seconds(() => call(report));
    const overview = await seconds(() => call("/overview?of=a"));
    await call("/watch?of=a");
    const watched = await seconds(() => call(report));
    const { hubs, channels, distinct } = SEARCHED;
    await call(`/report?of=b&reports=${hubs}&hubs=${hubs}&channels=${channels}`);
    await call("/channels?of=b");
    const search = await seconds(async () => {
      const total = await call("/channels?of=b&search=room");
      if (Number(total) !== distinct) throw new Error(`${total} channels were found`);
    });
    await gateway.stop();
    return new Map([["poorwill", [REPORTS / quiet, REPORTS / watched, overview * 1_000, search * 1_000]]]);
  },
};

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}
