/** Does something with all of them, with so many at a time. */
export async function inBatches<One>(
  ones: readonly One[],
  atOnce: number,
  work: (one: One) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < ones.length; start += atOnce)
    await Promise.all(ones.slice(start, start + atOnce).map(work));
}
