/** The servers end with this process, however it ends; signals alone would not run the handlers for that. */
export function exitOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(1));
}
