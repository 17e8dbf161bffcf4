/**
 * Measures how many fit: `npm run capacity` writes bench/capacity.json, from which docs/capacity.md is computed. It takes
 * about five minutes.
 */
import { writeFile } from "node:fs/promises";
import { measureFollowers, measureHubs, measureRooms } from "./capacity/audience.ts";
import { measureRoom, measureSessions, measureWakes } from "./capacity/heap.ts";
import type { CapacityResults } from "./capacity/results.ts";
import { exitOnSignals } from "./exit-on-signals.ts";
import { describeMachine } from "./machine.ts";

const step = async <Result>(what: string, measure: () => Promise<Result>): Promise<Result> => {
  console.error(what);
  return measure();
};

exitOnSignals();
const { hubs, presence } = await step("hubs", measureHubs);
const results: CapacityResults = {
  measured: await describeMachine(),
  hubs,
  presence,
  rooms: await step("rooms", measureRooms),
  followers: await step("followers", measureFollowers),
  sessions: await step("heap of sessions", measureSessions),
  roomSocket: await step("heap of a room", measureRoom),
  wakes: await step("wakes", measureWakes),
};
await writeFile(new URL("capacity.json", import.meta.url), `${JSON.stringify(results, null, 2)}\n`);
console.log(results);
process.exit(0);
