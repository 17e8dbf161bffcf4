/**
 * Milliseconds after which what hangs is given up, with words for what was waited for: shortly before the test would end.
 * Whatever goes on takes its time, however busy the machine is.
 */
export const PATIENCE_MS = 100_000;
