/** Work that did not end in time. It goes on, and may be carried out all the same. */
export class TimedOut extends Error {}

/**
 * Waits for work, but no longer than `timeout` milliseconds. Nothing is cancelled.
 *
 * @throws TimedOut when it has not ended by then; whatever the work throws before.
 */
export async function withTimeout<Result>(work: Promise<Result>, timeout: number): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new TimedOut("no answer in time")), timeout);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
