import { controlChannel, userHome } from "../channels/control.ts";
import type { HubRpc } from "../hub-rpc/hub-rpc.ts";
import type { Admission, AdmitUserCall, UserCount, UserCountsCall } from "../hub-rpc/messages.ts";
import { type CloseDefinition, DISCONNECTS } from "../shared/codes.ts";
import { HUB_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import { withTimeout } from "../shared/timeout.ts";
import { type BlockedUsers, closeOfBlocked } from "./blocked-users.ts";
import type { Heartbeat } from "./heartbeat.ts";
import { logFieldsOf } from "./log-fields.ts";
import type { Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";
import { UserCounts } from "./user-counts.ts";

/** Whether a connection may stay, or how it is closed. */
export type Admitted = "yes" | "unknown" | CloseDefinition;

/** What the limit of connections of a user needs of its hub. */
export interface HubOfUserLimit {
  readonly name: string;
  readonly config: {
    readonly connection: { readonly userConnectionLimit: number; readonly userCommands: boolean };
  };
  readonly sessions: Pick<Sessions, "countOf" | "ofUser" | "users">;
  readonly heartbeat: Pick<Heartbeat, "isSilent">;
  readonly blockedUsers: Pick<BlockedUsers, "blockOf">;
  /** The hubs that follow a channel that is homed here. */
  followersOf(channel: string): Iterable<string>;
  stubOf(hub: string): Pick<HubRpc, "admitUser" | "userCounts">;
}

/**
 * Keeps users to their number of connections: each hub by itself, and where commands on users are on, the user's control
 * home for all hubs. The home keeps its counts in memory, and asks the hubs for them when it has slept.
 */
export class UserLimit {
  readonly #hub: HubOfUserLimit;
  readonly #counts = new UserCounts();
  #learned: Promise<unknown> | undefined;
  /** Users at which the counts are read anew: most of them have gone by then. */
  #tooMany: number = HUB_LIMITS.countedUsers;

  constructor(hub: HubOfUserLimit) {
    this.#hub = hub;
  }

  /** Whether a user may have one connection more on this hub. */
  mayHaveHere(user: string): boolean {
    const limit = this.#limit;
    if (limit === 0 || user === "" || this.#hub.sessions.countOf(user) < limit) return true;
    return this.#makeRoom(user);
  }

  /**
   * Whether a connection that is being set up may stay, as the control home of its user knows it. Where the home does not
   * answer in time, nobody is kept out by it.
   */
  admit(session: Session): Promise<Admitted> {
    return this.#askHome(session, this.#limit === 0 ? 0 : this.#hub.sessions.countOf(session.state.user));
  }

  /** The same, of a block alone. */
  admitUnblocked(session: Session): Promise<Admitted> {
    return this.#askHome(session, 0);
  }

  async #askHome(session: Session, count: number): Promise<Admitted> {
    const { config, name } = this.#hub;
    const { user } = session.state;
    if (user === "" || !config.connection.userCommands) return "yes";
    try {
      const asked = this.#hub.stubOf(userHome(user)).admitUser({ hub: name, user, count, knowsBlocks: true });
      const admission = await withTimeout(asked, HUB_LIMITS.admissionTimeout);
      if (typeof admission === "object") return closeOfBlocked({ reason: admission.blocked });
      return admission || count === 0 || this.#makeRoom(user) ? "yes" : DISCONNECTS.connectionLimit;
    } catch (failure) {
      logFailure("hub.user_uncounted", failure, logFieldsOf(session));
      return "unknown";
    }
  }

  /** Answers as the control home of a user: whether another connection, which is counted already, may stay. */
  async answer({ hub, user, count, knowsBlocks }: AdmitUserCall): Promise<Admission> {
    const block = this.#hub.blockedUsers.blockOf(user, Date.now());
    if (block) return knowsBlocks ? { blocked: block.reason } : false;
    if (count === 0 || this.#limit === 0) return true;
    await this.#learn(controlChannel(user), hub);
    this.#counts.set(user, hub, count);
    if (this.#counts.total(user) > this.#limit) await this.#askAgain(user, hub);
    if (this.#counts.total(user) <= this.#limit) return true;
    this.#counts.set(user, hub, count - 1);
    return false;
  }

  /** Answers as a hub. Of one user, who has too many connections, those that give no sign any more make room. */
  count({ channel, user }: UserCountsCall): UserCount[] {
    const { sessions } = this.#hub;
    if (user !== undefined) {
      this.#makeRoom(user);
      return [[user, sessions.countOf(user)]];
    }
    const users = [...sessions.users].filter((name) => controlChannel(name) === channel);
    return users.map((name) => [name, sessions.countOf(name)]);
  }

  get #limit(): number {
    return this.#hub.config.connection.userConnectionLimit;
  }

  /** Closes the connections of a user that are silent. Returns false when there are none. */
  #makeRoom(user: string): boolean {
    const now = Date.now();
    const silent = [...this.#hub.sessions.ofUser(user)].filter((session) =>
      this.#hub.heartbeat.isSilent(session, now),
    );
    for (const session of silent) session.disconnect(DISCONNECTS.noPong);
    return silent.length > 0;
  }

  /** Asks every hub once in a waking life, and again when too many are counted. */
  #learn(channel: string, caller: string): Promise<unknown> {
    if (this.#counts.size > this.#tooMany) {
      this.#counts.clear();
      this.#learned = undefined;
    }
    this.#learned ??= this.#ask(this.#hub.followersOf(channel), caller, { channel }).then(() => {
      this.#tooMany = Math.max(HUB_LIMITS.countedUsers, 2 * this.#counts.size);
    });
    return this.#learned;
  }

  #askAgain(user: string, caller: string): Promise<unknown> {
    return this.#ask(this.#counts.hubsOf(user), caller, { channel: controlChannel(user), user });
  }

  /** A hub that does not answer in time is not counted: who was on it may be anywhere by now. */
  #ask(hubs: Iterable<string>, caller: string, call: UserCountsCall): Promise<unknown> {
    const others = [...hubs].filter((hub) => hub !== caller);
    return Promise.all(
      others.map(async (hub) => {
        try {
          const asked = this.#hub.stubOf(hub).userCounts(call);
          const counts = await withTimeout(asked, HUB_LIMITS.admissionTimeout / 2);
          for (const [user, count] of counts) this.#counts.set(user, hub, count);
        } catch (failure) {
          if (call.user !== undefined) this.#counts.set(call.user, hub, 0);
          logFailure("hub.users_uncounted", failure, { hub });
        }
      }),
    );
  }
}
