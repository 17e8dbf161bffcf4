/**
 * Whether the reason of a close is plain words. centrifuge-js and centrifuge-go take a reason that parses as JSON for
 * advice on reconnecting.
 */
export function isPlainReason(reason: string): boolean {
  try {
    JSON.parse(reason);
    return false;
  } catch {
    return true;
  }
}
