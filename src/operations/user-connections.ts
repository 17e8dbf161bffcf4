import { controlChannel } from "../channels/control.ts";
import type { HomeAnswer, HomeConnection } from "../hub-rpc/management.ts";
import type { HubConnection, UserConnectionsAnswer, UserConnectionsCall } from "../hub-rpc/messages.ts";
import type { Session } from "../sessions/session.ts";
import { ERRORS } from "../shared/codes.ts";
import { OVERVIEW_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import { type Budget, charged, type HubOfHomeOperations } from "./at-home.ts";
import { transportOf } from "./hook.ts";

/** The connections of a user at this hub. */
export function connectionsHere(
  sessions: Iterable<Session>,
  { limit }: UserConnectionsCall,
): UserConnectionsAnswer {
  const connections: HubConnection[] = [];
  let left: number = OVERVIEW_LIMITS.namesLength;
  let more = 0;
  for (const session of sessions) {
    if (!session.isConnected) continue;
    if (connections.length >= Math.min(limit, OVERVIEW_LIMITS.hubConnections)) more += 1;
    else {
      const channels = namesWithin(session, left);
      for (const { length } of channels) left -= length;
      connections.push(connectionOf(session, channels));
    }
  }
  return { connections, more };
}

/**
 * The connections of a user at all hubs. Asked of the user's control home, which knows the hubs where one may be: a few
 * at a time, so that what they answer fits into memory.
 */
export async function connectionsOf(
  hub: HubOfHomeOperations,
  user: string,
  { answered }: Budget,
): Promise<HomeAnswer> {
  if (!hub.config.connection.userCommands) return { errorCode: ERRORS.notAvailable.code };
  const channel = controlChannel(user);
  if (hub.factsOf(channel).home !== hub.name) throw new Error("the user is not homed here");
  const hubs = [...hub.followersOf(channel)];
  const connections: HomeConnection[] = [];
  let more = 0;
  let unanswered = 0;
  while (hubs.length > 0) {
    const limit = OVERVIEW_LIMITS.userConnections - connections.length;
    const some = hubs.splice(0, OVERVIEW_LIMITS.hubsAtOnce);
    const answers = await Promise.all(some.map((name) => askHub(hub, name, { user, limit })));
    for (const answer of answers) {
      if (answer === undefined) unanswered += 1;
      else more += answer.more + take(connections, answer.connections);
    }
  }
  if (answered.isUsedUp) return { errorCode: ERRORS.tooManyRequests.code };
  return charged(answered, { kind: "connections", connections, more, unanswered });
}

/** Adds as many as there is space for. Returns how many there was none for. */
function take(connections: HomeConnection[], some: readonly HomeConnection[]): number {
  const taken = some.slice(0, OVERVIEW_LIMITS.userConnections - connections.length);
  connections.push(...taken);
  return some.length - taken.length;
}

async function askHub(
  hub: HubOfHomeOperations,
  name: string,
  call: UserConnectionsCall,
): Promise<{ readonly connections: readonly HomeConnection[]; readonly more: number } | undefined> {
  try {
    const { connections, more } = await hub.stubOf(name).userConnections(call);
    return { connections: connections.map((connection) => ({ ...connection, hub: name })), more };
  } catch (failure) {
    // A build that does not know the call, or a hub that is overloaded.
    logFailure("hub.connections_untold", failure, { hub: name });
    return undefined;
  }
}

function connectionOf({ state, subscriptions }: Session, channels: readonly string[]): HubConnection {
  return {
    client: state.client,
    transport: transportOf(state),
    protocol: state.encoding,
    connectedAt: state.connectedAt ?? state.since,
    subscriptions: subscriptions.size,
    channels,
  };
}

/** The first channels of a connection, whose names have so many characters together at most. */
function namesWithin({ subscriptions }: Session, length: number): string[] {
  const names: string[] = [];
  let left = length;
  for (const name of subscriptions.keys()) {
    left -= name.length;
    if (left < 0 || names.length >= OVERVIEW_LIMITS.namedChannels) break;
    names.push(name);
  }
  return names;
}
