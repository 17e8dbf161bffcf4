type Fields = Record<string, string | number | boolean | undefined>;

/** Writes one structured log line. Never pass tokens or message payloads. */
export function logEvent(event: string, fields: Fields = {}): void {
  console.log(JSON.stringify({ event, ...fields }));
}

/** Writes one structured line for a failure: its message and stack stay in the log, no client sees them. */
export function logFailure(event: string, failure: unknown, fields: Fields = {}): void {
  const { message, stack } =
    failure instanceof Error ? failure : { message: String(failure), stack: undefined };
  console.error(JSON.stringify({ event, ...fields, message, stack }));
}
