import { keepers } from "./keepers.ts";

type State = Pick<DurableObjectState, "waitUntil">;

const collected = new WeakMap<State, Promise<unknown>[]>();
let isWatched = false;

/** Notes what objects of this isolate hand to `waitUntil` from now on. Their states have one prototype; here is one of them. */
export function watchWaitUntil(state: State): void {
  if (isWatched) return;
  isWatched = true;
  const prototype = Object.getPrototypeOf(state) as State;
  const { waitUntil } = prototype;
  prototype.waitUntil = function (this: State, promise) {
    const ended = keepers.begin("waitUntil");
    promise.then(ended, ended);
    collected.get(this)?.push(promise);
    return waitUntil.call(this, promise);
  };
}

/** Runs work in an object, and waits for what it hands to `waitUntil` meanwhile. */
export async function withItsWaitUntil(state: State, work: () => unknown): Promise<void> {
  const promises: Promise<unknown>[] = [];
  collected.set(state, promises);
  try {
    await work();
    for (const promise of promises) await promise.catch(() => {});
  } finally {
    collected.delete(state);
  }
}
