import { callHub, type HubRpc, hubOf } from "../../src/hub-rpc/hub-rpc.ts";
import type { DeliverCall, FollowCall, PublishCall, UnfollowCall } from "../../src/hub-rpc/messages.ts";

/** A call from one hub to another. */
export type Call = { readonly from: string; readonly to: string } & (
  | { readonly method: "deliver"; readonly call: DeliverCall }
  | { readonly method: "follow"; readonly call: FollowCall }
  | { readonly method: "unfollow"; readonly call: UnfollowCall }
  | { readonly method: "publish"; readonly call: PublishCall }
  | {
      readonly method:
        | "history"
        | "presence"
        | "members"
        | "manage"
        | "occupancy"
        | "admitUser"
        | "userCounts";
      readonly call: unknown;
    }
);

/** Carries a call over, or does not: whatever can happen on the way. */
export type Way = <Answer>(call: Call, carryOut: () => Promise<Answer>) => Promise<Answer>;

const ways = new Map<string, Way>();

/** Decides what becomes of the calls that a hub makes, until told otherwise; undefined for the plain way. */
export function setWay(from: string, way: Way | undefined): void {
  if (way) ways.set(from, way);
  else ways.delete(from);
}

/** A stub whose calls go the way that is set for the calling hub when they are made. */
export function onItsWay(from: string, to: string, stub: HubRpc): HubRpc {
  const send = <Answer>(call: Call, carryOut: () => Promise<Answer>): Promise<Answer> =>
    ways.get(from)?.(call, carryOut) ?? carryOut();
  return hubOf((method, call) => send({ from, to, method, call } as Call, () => callHub(stub, method, call)));
}
