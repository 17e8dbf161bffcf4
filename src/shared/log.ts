export type LogFields = Record<string, string | number | boolean | readonly object[] | undefined>;

/** Writes one structured log line. Never pass tokens, payloads or user ids; `hub`, `home` and `channel` may hold any name. */
export function logEvent(event: string, fields: LogFields = {}): void {
  console.log(lineOf(event, fields));
}

/** Writes one structured line for a failure: its message and stack stay in the log, no client sees them. */
export function logFailure(event: string, failure: unknown, fields: LogFields = {}): void {
  const { message, stack } =
    failure instanceof Error ? failure : { message: String(failure), stack: undefined };
  console.error(lineOf(event, { ...fields, message, stack }));
}

function lineOf(event: string, fields: LogFields): string {
  return JSON.stringify({ event, ...fields }, (key, value: unknown) =>
    NAMES.has(key) && typeof value === "string" ? withoutUsers(value) : value,
  );
}

/** Members that hold the name of a channel, or of a hub. */
const NAMES: ReadonlySet<string> = new Set(["hub", "home", "channel"]);

/** A hub may be named after a channel, and a channel after its users: they stand after a "#". */
function withoutUsers(name: string): string {
  return name.replace(/#.*$/s, "#…");
}
