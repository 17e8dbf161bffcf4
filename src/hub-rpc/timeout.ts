import { HUB_LIMITS } from "../shared/limits.ts";
import type { HubRpc } from "./hub-rpc.ts";

/** A call from hub to hub that did not answer in time. It may have been carried out all the same. */
export class CallTimeout extends Error {}

/** A hub whose calls are given up after so many milliseconds, so that one hub that hangs holds up no other. */
export function withTimeouts(hub: HubRpc, timeout: number): HubRpc {
  return {
    follow: (call) => withTimeout(hub.follow(call), timeout),
    unfollow: (call) => withTimeout(hub.unfollow(call), timeout),
    publish: (call) => withTimeout(hub.publish(call), timeout),
    history: (call) => withTimeout(hub.history(call), timeout),
    presence: (call) => withTimeout(hub.presence(call), timeout),
    members: (call) => withTimeout(hub.members(call), timeout),
    deliver: (call) => withTimeout(hub.deliver(call), timeout),
    manage: (call) => withTimeout(hub.manage(call), timeout),
    occupancy: (call) => withTimeout(hub.occupancy(call), timeout),
    admitUser: (call) => withTimeout(hub.admitUser(call), timeout),
    userCounts: (call) => withTimeout(hub.userCounts(call), timeout),
  };
}

/** Gives up waiting for a call. */
export async function withTimeout<Answer>(
  call: Promise<Answer>,
  timeout: number = HUB_LIMITS.callTimeout,
): Promise<Answer> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new CallTimeout("no answer in time")), timeout);
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
