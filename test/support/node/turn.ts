/** Lets everything go on that is ready: whatever comes to an object comes in a turn of its own. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
