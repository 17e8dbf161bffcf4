import { HUB_LIMITS } from "../../src/limits.ts";

/** A call from hub to hub that did not answer in time. It may have been carried out all the same. */
export class CallTimeout extends Error {}

/** Gives up waiting for a call after `HUB_LIMITS.callTimeout`, so that one hub that hangs holds up no other. */
export async function withTimeout<Answer>(call: Promise<Answer>): Promise<Answer> {
  let timer: number | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CallTimeout("no answer in time")), HUB_LIMITS.callTimeout);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
