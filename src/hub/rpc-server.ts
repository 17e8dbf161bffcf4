import { type Answer, type Call, type HubRpc, hubOf, type Method } from "../hub-rpc/hub-rpc.ts";
import { answerCall } from "../hub-rpc/peers.ts";
import type { CallVersions } from "../hub-rpc/wire-versions.ts";
import { connectionsHere } from "../operations/user-connections.ts";
import { historyOf } from "../streams/home-reads.ts";
import type { Wiring } from "./wiring.ts";

/** What answers each method. */
const HANDLERS: {
  readonly [Name in Method]: (hub: Wiring, call: Call<Name>) => Answer<Name> | Promise<Answer<Name>>;
} = {
  follow: ({ registry }, call) => registry.answer(call),
  unfollow: ({ registry }, call) => registry.end(call),
  publish: ({ publishing }, { hub, submissions }) =>
    Promise.all(submissions.map((submission) => publishing.submitFor(submission, hub))),
  history: ({ home, config }, call) => historyOf(home, call, config.connection),
  presence: ({ presence }, call) => presence.answer(call),
  members: ({ presence }, call) => presence.tell(call),
  deliver: ({ follower }, call) => follower.deliver(call),
  manage: ({ management }, call) => management.carryOut(call),
  occupancy: ({ events }, { hub, reports }) => events?.take(hub, reports),
  admitUser: ({ userLimit }, call) => userLimit.answer(call),
  userCounts: ({ userLimit }, call) => userLimit.count(call),
  userConnections: ({ sessions }, call) => connectionsHere(sessions.ofUser(call.user), call),
};

/** Answers other hubs, each in the version in which it asks. `awake` wakes the hub, if it sleeps. */
export function rpcServer(versions: CallVersions, awake: () => Wiring): HubRpc {
  return hubOf((method, written) =>
    answerCall(versions, method, written, (call) => {
      const hub = awake();
      hub.counters.callsTaken += 1;
      hub.usage.begin();
      return HANDLERS[method](hub, call);
    }),
  );
}
