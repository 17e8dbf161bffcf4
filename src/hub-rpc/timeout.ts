import { withTimeout } from "../shared/timeout.ts";
import type { HubRpc } from "./hub-rpc.ts";

/**
 * A hub whose calls are given up after so many milliseconds, so that one hub that hangs holds up no other. Nothing ends such
 * a call on this side, and it keeps this object awake (docs/decisions/0002): a handler must always answer.
 */
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
