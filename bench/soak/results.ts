import type { Soaked } from "./soak.ts";

/** What `npm run soak` has measured, as `bench/soak.json` holds it. */
export interface SoakResults extends Soaked {
  readonly measured: readonly string[];
  readonly minutes: number;
  readonly sockets: number;
  readonly hubs: number;
  readonly socketsPerHub: number;
  /** Bytes of the JavaScript heap for each connection at the end, and by how many they grew in a minute after the first. */
  readonly heap: number;
  readonly heapGrowth: number;
  /** The same of the whole process. */
  readonly resident: number;
  readonly residentGrowth: number;
}

/** Bytes by which the heap may grow in a minute for each connection, after the first minute. */
export const MOST_HEAP_GROWTH = 100;
