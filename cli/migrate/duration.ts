const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};
const PARTS = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g;

/** The seconds of a duration as Go writes it, such as `300s` or `1h30m`; undefined for anything else. */
export function durationSeconds(value: unknown): number | undefined {
  if (value === 0 || value === "0") return 0;
  if (typeof value !== "string" || value === "" || value.replaceAll(PARTS, "") !== "") return undefined;
  const total = [...value.matchAll(PARTS)].reduce(
    (sum, [, count, unit = ""]) => sum + Number(count) * (UNITS[unit] ?? 0),
    0,
  );
  // Without the digits that adding binary fractions leaves behind.
  return Number(total.toFixed(9));
}
