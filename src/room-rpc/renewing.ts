import type { ReachedRoom } from "./ask.ts";

/**
 * A room that is reached through the same stub, which keeps the order of what is asked, until that fails: a stub whose
 * object was reset fails for ever (workerd 1.20261117.1).
 */
export function renewing(find: () => ReachedRoom): ReachedRoom {
  let stub: ReachedRoom | undefined;
  const reach = async <Answer>(ask: (room: ReachedRoom) => Promise<Answer>): Promise<Answer> => {
    stub ??= find();
    const asked = stub;
    try {
      return await ask(asked);
    } catch (failure) {
      if (stub === asked) stub = undefined;
      throw failure;
    }
  };
  return {
    ask: (command) => reach((room) => room.ask(command)),
    fetch: (request) => reach((room) => room.fetch(request)),
  };
}
