import type { Scenario } from "../scenario.ts";
import { broadcast } from "./broadcast.ts";
import { echo } from "./echo.ts";
import { memory } from "./memory.ts";

/** Everything that is measured, in this order. */
export const SCENARIOS: readonly Scenario[] = [echo(1), echo(50), broadcast(100), broadcast(1_000), memory];
