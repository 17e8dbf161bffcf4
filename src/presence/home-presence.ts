import { MemberCounts } from "../channels/member-counts.ts";
import type { HubRpc } from "../hub-rpc/hub-rpc.ts";
import { memberLength } from "../hub-rpc/lengths.ts";
import type {
  JoinLeaveSubmission,
  MemberKeys,
  MembersAnswer,
  PresenceNumbers,
  TooLarge,
} from "../hub-rpc/messages.ts";
import type { ClientInfo } from "../protocol/messages.ts";
import { wideHash } from "../shared/hash.ts";
import { CHANNEL_LIMITS } from "../shared/limits.ts";
import type { LocalChannels } from "../streams/local-channels.ts";
import { lengthOf, membersOf } from "./members.ts";
import { RemoteMembers } from "./remote-members.ts";

/** What the presence of a home needs of its hub. */
export interface HubOfHomePresence {
  readonly name: string;
  readonly locals: LocalChannels;
  stubOf(hub: string): HubRpc;
  /** The hubs that follow a channel that is homed here. */
  followersOf(channel: string): Iterable<string>;
}

/** What the followers of one channel have told of their members. */
class FollowerMembers {
  readonly counts = new MemberCounts();
  readonly lists = new RemoteMembers<string, ClientInfo>({
    maxAge: CHANNEL_LIMITS.presenceAge,
    sizeOf: (_client, info) => memberLength(info),
  });
  readonly keys = new RemoteMembers<number, number>({
    maxAge: CHANNEL_LIMITS.presenceAge,
    sizeOf: () => 1,
    tally: this.counts,
  });
  /** Questions under way. */
  questions = 0;
  usedAt = 0;
}

/**
 * Who is subscribed to the channels that are homed here, on all hubs: asked, not stored, so that nobody is listed for
 * long who is gone. What followers answer is reused for a moment, with the joins and leaves that pass here in between.
 */
export class HomePresence {
  readonly #hub: HubOfHomePresence;
  readonly #channels = new Map<string, FollowerMembers>();
  #sweptAt = 0;

  constructor(hub: HubOfHomePresence) {
    this.#hub = hub;
  }

  /** The members at all hubs but the asking one, if they are no more than `limit` characters. */
  async members(channel: string, caller: string, limit: number): Promise<readonly ClientInfo[] | TooLarge> {
    const local = caller === this.#hub.name ? undefined : this.#hub.locals.get(channel);
    const followers = Array.from(this.#hub.followersOf(channel));
    const others = followers.filter((hub) => hub !== caller);
    const room = limit - lengthOf(local);
    if (room < 0) return { untold: limit - room };
    if (others.length === 0) return membersOf(local);
    return this.#use(channel, async ({ lists }) => {
      lists.keepOnly(followers);
      const size = await lists.gather(others, room, Date.now(), async (hub, most) =>
        listOf(await this.#hub.stubOf(hub).members({ channel, limit: most, keysOnly: false })),
      );
      if (size > room) return { untold: limit - room + size };
      return [...membersOf(local), ...others.flatMap((hub) => Array.from(lists.at(hub), ([, info]) => info))];
    });
  }

  /** How many there are on all hubs, if `keys` are the members of the asking one. */
  async numbers(
    channel: string,
    caller: string,
    keys: MemberKeys | undefined,
  ): Promise<PresenceNumbers | TooLarge> {
    const followers = Array.from(this.#hub.followersOf(channel));
    if (followers.length === 0 && keys === undefined) return this.#add(channel, NOBODY);
    const others = followers.filter((hub) => hub !== caller);
    return this.#use(channel, async ({ keys: known, counts }) => {
      const now = Date.now();
      known.keepOnly(followers);
      if (keys) known.tell(caller, now, pairsOf(keys));
      const size = await known.gather(others, CHANNEL_LIMITS.presenceMembers, now, async (hub, most) =>
        keysIn(await this.#hub.stubOf(hub).members({ channel, limit: most, keysOnly: true })),
      );
      return size > CHANNEL_LIMITS.presenceMembers ? { untold: size } : this.#add(channel, counts);
    });
  }

  /** Takes note of a member who has come to a follower, or left it. */
  noteMember(hub: string, { kind, channel, info, isPresent }: JoinLeaveSubmission): void {
    const known = this.#channels.get(channel);
    if (known === undefined || !isPresent) return;
    const isJoin = kind === "join";
    known.lists.note(hub, info.client, isJoin ? info : undefined);
    known.keys.note(hub, wideHash(info.client), isJoin ? wideHash(info.user) : undefined);
  }

  /** Forgets what is too old to be used again. */
  sweep(now: number): void {
    if (now - this.#sweptAt < CHANNEL_LIMITS.presenceAge) return;
    this.#sweptAt = now;
    for (const [channel, { questions, usedAt }] of this.#channels)
      if (questions === 0 && now - usedAt >= CHANNEL_LIMITS.presenceAge) this.#channels.delete(channel);
  }

  #add(channel: string, remote: MemberCounts): PresenceNumbers {
    return (this.#hub.locals.get(channel)?.counts ?? NOBODY).with(remote);
  }

  async #use<Answer>(channel: string, ask: (known: FollowerMembers) => Promise<Answer>): Promise<Answer> {
    const known = this.#channels.get(channel) ?? new FollowerMembers();
    this.#channels.set(channel, known);
    known.questions += 1;
    try {
      return await ask(known);
    } finally {
      known.questions -= 1;
      known.usedAt = Date.now();
    }
  }
}

const NOBODY = new MemberCounts();

function listOf(answer: MembersAnswer): [string, ClientInfo][] | TooLarge {
  if ("clients" in answer) throw new Error("members were asked for, and keys came");
  return "untold" in answer ? answer : answer.map((info) => [info.client, info]);
}

function keysIn(answer: MembersAnswer): [number, number][] | TooLarge {
  if ("clients" in answer) return pairsOf(answer);
  if ("untold" in answer) return answer;
  throw new Error("keys were asked for, and members came");
}

function pairsOf({ clients, users }: MemberKeys): [number, number][] {
  return clients.map((client, index) => [client, users[index] ?? 0]);
}
