import { memberLength } from "../hub-rpc/lengths.ts";
import type { MemberKeys } from "../hub-rpc/messages.ts";
import type { ClientInfo } from "../protocol/messages.ts";
import type { Session } from "../sessions/session.ts";
import type { Subscription } from "../sessions/state.ts";
import { wideHash } from "../shared/hash.ts";
import type { LocalChannel } from "../streams/local-channels.ts";

/** What others may know of a subscriber. */
export function infoOf({ state }: Session, { info }: Subscription): ClientInfo {
  return { user: state.user, client: state.client, connInfo: state.info, chanInfo: info };
}

/** Who of this hub shows in the presence of a channel. */
export function membersOf(local: LocalChannel | undefined): ClientInfo[] {
  return Array.from(present(local), ([session, subscription]) => infoOf(session, subscription));
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

/** How long they are in a reply, in characters. */
export function lengthOf(local: LocalChannel | undefined): number {
  let length = 0;
  for (const [session, subscription] of present(local)) length += memberLength(infoOf(session, subscription));
  return length;
}

function* present(local: LocalChannel | undefined): Iterable<readonly [Session, Subscription]> {
  for (const subscriber of local?.subscribers ?? []) if (subscriber[1].isPresent) yield subscriber;
}
