const SIZE = /(?<=<!-- size -->)[\d.]+(?= KiB)/;

/** Differences that need no new number: nearly every change of the code makes one. In KiB. */
const TOLERANCE = 2;

/** The guide with the size of a Worker, in KiB. */
export function withSize(guide: string, size: number): string {
  return guide.replace(SIZE, String(Math.round(size)));
}

/** Whether the guide says no size, or one that is no longer true. */
export function isStale(guide: string, size: number): boolean {
  const said = SIZE.exec(guide)?.[0];
  return said === undefined || Math.abs(Number(said) - size) > TOLERANCE;
}
