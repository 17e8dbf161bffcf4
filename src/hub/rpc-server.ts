import type { HubRpc } from "../hub-rpc/hub-rpc.ts";
import type { HomeAnswer, ManageCall } from "../hub-rpc/management.ts";
import type {
  AdmitUserCall,
  DeliverCall,
  DeliveryAnswer,
  FollowAnswer,
  FollowCall,
  HistoryAnswer,
  HistoryCall,
  MembersAnswer,
  MembersCall,
  OccupancyCall,
  PresenceAnswer,
  PresenceCall,
  PublishAnswer,
  PublishCall,
  UnfollowCall,
  UserCount,
  UserCountsCall,
  Versioned,
} from "../hub-rpc/messages.ts";
import { UnknownWireVersion } from "../hub-rpc/peers.ts";
import { isKnown, type WireVersions } from "../hub-rpc/wire-versions.ts";
import { historyOf } from "../streams/home-reads.ts";
import type { Wiring } from "./wiring.ts";

/** Answers other hubs, each in the form in which it asks. */
export class RpcServer implements HubRpc {
  readonly #wireVersions: WireVersions;
  readonly #awake: () => Wiring;

  /** `awake` wakes the hub, if it sleeps. */
  constructor(wireVersions: WireVersions, awake: () => Wiring) {
    this.#wireVersions = wireVersions;
    this.#awake = awake;
  }

  follow(call: FollowCall): Promise<readonly (FollowAnswer | undefined)[]> {
    return this.#answer(call, (hub, known) => hub.registry.answer(known));
  }

  unfollow(call: UnfollowCall): Promise<void> {
    return this.#answer(call, (hub, known) => hub.registry.end(known));
  }

  publish(call: PublishCall): Promise<readonly PublishAnswer[]> {
    return this.#answer(call, ({ publishing }, { hub, submissions }) =>
      Promise.all(submissions.map((submission) => publishing.submitFor(submission, hub))),
    );
  }

  history(call: HistoryCall): Promise<HistoryAnswer> {
    return this.#answer(call, (hub, known) => historyOf(hub.home, known, hub.config.connection));
  }

  presence(call: PresenceCall): Promise<PresenceAnswer> {
    return this.#answer(call, (hub, known) => hub.presence.answer(known));
  }

  members(call: MembersCall): Promise<MembersAnswer> {
    return this.#answer(call, (hub, known) => hub.presence.tell(known));
  }

  deliver(call: DeliverCall): Promise<readonly DeliveryAnswer[]> {
    return this.#answer(call, (hub, known) => hub.follower.deliver(known));
  }

  manage(call: ManageCall): Promise<readonly (readonly HomeAnswer[])[]> {
    return this.#answer(call, (hub, known) => hub.management.carryOut(known));
  }

  occupancy(call: OccupancyCall): Promise<void> {
    return this.#answer(call, ({ events }, { hub, reports }) => events?.take(hub, reports));
  }

  admitUser(call: AdmitUserCall): Promise<boolean> {
    return this.#answer(call, (hub, known) => hub.userLimit.admit(known));
  }

  userCounts(call: UserCountsCall): Promise<readonly UserCount[]> {
    return this.#answer(call, (hub, known) => hub.userLimit.count(known));
  }

  async #answer<Call extends Versioned, Answer>(
    call: Call,
    work: (hub: Wiring, call: Call) => Answer | Promise<Answer>,
  ): Promise<Answer> {
    const { version = 0 } = call;
    if (!isKnown(this.#wireVersions, version)) throw new UnknownWireVersion(version);
    const hub = this.#awake();
    hub.counters.callsTaken += 1;
    hub.usage.begin();
    const answer = await work(hub, this.#wireVersions.read("call", call, version));
    return this.#wireVersions.write("answer", answer, version);
  }
}
