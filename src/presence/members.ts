import type { MemberKeys, Members } from "../hub-rpc/messages.ts";
import { encodeInfo } from "../protocol/json/encode.ts";
import type { ClientInfo } from "../protocol/messages.ts";
import type { Session } from "../sessions/session.ts";
import type { Subscription } from "../sessions/state.ts";
import { wideHash } from "../shared/hash.ts";
import type { LocalChannel } from "../streams/local-channels.ts";

/** Characters of a member in a reply besides those of its user and infos: its client id twice, and what names them. */
const FIXED_LENGTH = 99;
/** Characters around the client id and the info of a member. */
const BETWEEN = 4;

/** What others may know of a subscriber. */
export function infoOf({ state }: Session, { info }: Subscription): ClientInfo {
  return { user: state.user, client: state.client, connInfo: state.info, chanInfo: info };
}

/** Who of this hub shows in the presence of a channel. */
export function membersOf(local: LocalChannel | undefined): Members {
  return Array.from(present(local), ([session, subscription]) => [
    session.state.client,
    encodeInfo(infoOf(session, subscription)),
  ]);
}

/** Their keys. */
export function keysOf(local: LocalChannel | undefined): MemberKeys {
  const clients: number[] = [];
  const users: number[] = [];
  for (const [{ state }] of present(local)) {
    clients.push(wideHash(state.client));
    users.push(wideHash(state.user));
  }
  return { clients, users };
}

/** About how long they are in a reply, without writing it. */
export function lengthOf(local: LocalChannel | undefined): number {
  let length = 0;
  for (const [{ state }, { info }] of present(local))
    length += FIXED_LENGTH + state.user.length + (state.info?.length ?? 0) + (info?.length ?? 0);
  return length;
}

/** Characters of a member in a reply. */
export function lengthOfMember(client: string, info: string): number {
  return BETWEEN + client.length + info.length;
}

/** Keys of client and user of a member, from its encoded info. */
export function keysOfInfo(info: string): readonly [client: number, user: number] {
  const { client = "", user = "" } = JSON.parse(info) as Partial<ClientInfo>;
  return [wideHash(client), wideHash(user)];
}

function* present(local: LocalChannel | undefined): Iterable<readonly [Session, Subscription]> {
  for (const subscriber of local?.subscribers ?? []) if (subscriber[1].isPresent) yield subscriber;
}
