import type { OperationsConfig } from "../config/operations.ts";
import { DIRECTORY_NAME, type DirectoryStub } from "../metrics/report.ts";
import type { OverviewStub } from "../overview/stub.ts";
import type { Env } from "./env.ts";

/** The directory, where the configuration has one. */
export function directoryOf(
  { DIRECTORY }: Env,
  { directory }: OperationsConfig,
): (DirectoryStub & OverviewStub) | undefined {
  if (!directory) return undefined;
  // A stub fails for ever once its object was reset (workerd 1.20261117.1), and a hub may live longer than that.
  const stub = () => DIRECTORY.getByName(DIRECTORY_NAME) as unknown as DirectoryStub & OverviewStub;
  return {
    report: (report) => stub().report(report),
    shedLevel: () => stub().shedLevel(),
    samples: () => stub().samples(),
    countersBefore: (hub, incarnation) => stub().countersBefore(hub, incarnation),
    channels: (pattern, page) => stub().channels(pattern, page),
    hubs: (page) => stub().hubs(page),
    overview: () => stub().overview(),
    watch: () => stub().watch(),
    largestChannels: (search) => stub().largestChannels(search),
  };
}
