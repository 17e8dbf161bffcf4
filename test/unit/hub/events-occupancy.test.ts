import { expect, test } from "vitest";
import type { EventStore } from "../../../src/events/event-store.ts";
import { OccupancyReports } from "../../../src/events/occupancy-reports.ts";
import type { Occupancy } from "../../../src/hub-rpc/messages.ts";

test("EVENT-15: a home is told of 1,000 channels in a call, and of the others in the next", async () => {
  const calls: string[][] = [];
  const { promise: told, resolve: tell } = Promise.withResolvers<void>();
  const hub = {
    name: "edge/oc/1",
    homeOf: () => "home/chat:a",
    wakeAt: () => {},
    async reportOccupancy(_: string, reports: readonly Occupancy[]) {
      calls.push(reports.map(({ channel }) => channel));
      if (calls.flat().length === channels.length) tell();
    },
  };
  const channels = Array.from({ length: 1_001 }, (_, index) => `chat:a/${index}`);
  const reports = new OccupancyReports(hub, { told: () => {} } as unknown as EventStore);
  for (const channel of channels) reports.note({ channel, occupied: true, sequence: 1 });
  reports.send();
  await told;
  expect(calls.map(({ length }) => length)).toEqual([1_000, 1]);
  expect(calls.flat()).toEqual(channels);
});
