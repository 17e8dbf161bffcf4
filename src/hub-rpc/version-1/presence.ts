import { MemberCounts } from "../../channels/member-counts.ts";
import type { ClientInfo } from "../../protocol/messages.ts";
import { wideHash } from "../../shared/hash.ts";
import { CHANNEL_LIMITS } from "../../shared/limits.ts";
import type { MethodForms } from "../call-forms.ts";
import { membersLength } from "../lengths.ts";
import type { MemberKeys, PresenceNumbers, TooLarge } from "../messages.ts";
import { type Member, readMember, writeMember } from "./infos.ts";

interface WrittenPresence {
  readonly channel: string;
  readonly asker: string;
  /** The asking hub's own members, of the first builds, which want them in the answer. */
  readonly members: readonly Member[];
  /** Absent from the first builds, and where keys are. */
  readonly limit?: number;
  readonly keys?: MemberKeys;
}

/** The first builds always answer with members, in any number. */
type WrittenAnswer<Counted> = readonly Member[] | Counted | TooLarge;

export const presence: MethodForms<"presence", WrittenPresence, WrittenAnswer<PresenceNumbers>> = {
  writeCall: ({ channel, caller, ...wanted }) => ({ channel, asker: caller, members: [], ...wanted }),
  readCall: ({ channel, asker: caller, keys, limit = CHANNEL_LIMITS.presenceLength }) =>
    keys ? { channel, caller, keys } : { channel, caller, limit },
  writeAnswer: (answer, { members, keys, limit }) => {
    const isComplete = keys === undefined && limit === undefined;
    if ("untold" in answer && isComplete) throw new Error("there are more members than one answer may hold");
    if (!isMembers(answer)) return answer;
    return isComplete ? [...members, ...answer.map(writeMember)] : answer.map(writeMember);
  },
  readAnswer: (answer, { keys, limit = Number.POSITIVE_INFINITY }) => {
    if (!isMembers(answer)) return answer;
    const infos = answer.map(readMember);
    if (keys) return count(keys, infos);
    const untold = membersLength(infos);
    return untold > limit ? { untold } : infos;
  },
};

interface WrittenMembers {
  readonly channel: string;
  /** Absent from the first builds. */
  readonly limit?: number;
  readonly keysOnly?: boolean;
}

export const members: MethodForms<"members", WrittenMembers, WrittenAnswer<MemberKeys>> = {
  writeCall: ({ channel, limit, keysOnly }) => ({ channel, limit, keysOnly }),
  readCall: ({ channel, limit = Number.POSITIVE_INFINITY, keysOnly = false }) => ({
    channel,
    limit,
    keysOnly,
  }),
  writeAnswer: (answer) => (isMembers(answer) ? answer.map(writeMember) : answer),
  readAnswer: (answer, { keysOnly }) => {
    if (!isMembers(answer)) return answer;
    const infos = answer.map(readMember);
    return keysOnly ? keysOf(infos) : infos;
  },
};

function isMembers<Element, Other extends object>(
  answer: readonly Element[] | Other,
): answer is readonly Element[] {
  return Array.isArray(answer);
}

function keysOf(infos: readonly ClientInfo[]): MemberKeys {
  return {
    clients: infos.map(({ client }) => wideHash(client)),
    users: infos.map(({ user }) => wideHash(user)),
  };
}

/** How many they are with those whose keys are known: a user who is among both counts once. */
function count({ users }: MemberKeys, infos: readonly ClientInfo[]): PresenceNumbers {
  const counts = new MemberCounts();
  for (const user of [...users, ...keysOf(infos).users]) counts.add(user);
  return { clients: counts.clients, users: counts.users };
}
