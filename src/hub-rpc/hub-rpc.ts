import type { HomeAnswer, ManageCall } from "./management.ts";
import type {
  Admission,
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
  UserConnectionsAnswer,
  UserConnectionsCall,
  UserCount,
  UserCountsCall,
} from "./messages.ts";

/** What hubs can ask of each other. The hub itself has these methods, and so has the stub of another. */
export interface HubRpc {
  /** Asked of a home: registers the calling hub as a follower of channels. */
  follow(call: FollowCall): Promise<readonly (FollowAnswer | undefined)[]>;
  /** Asked of a home: ends registrations of the calling hub, where nobody is any more. */
  unfollow(call: UnfollowCall): Promise<void>;
  /** Asked of a home: publishes, in the order given, and answers when everything is stored. */
  publish(call: PublishCall): Promise<readonly PublishAnswer[]>;
  /** Asked of a home: stored publications and the position of a stream. */
  history(call: HistoryCall): Promise<HistoryAnswer>;
  /** Asked of a home: who is subscribed to a channel at all other hubs, or how many on all of them. */
  presence(call: PresenceCall): Promise<PresenceAnswer>;
  /** Asked of a follower: who is subscribed to a channel there. */
  members(call: MembersCall): Promise<MembersAnswer>;
  /** Asked of a follower: takes what was published. */
  deliver(call: DeliverCall): Promise<readonly DeliveryAnswer[]>;
  /** Asked of a home by the server API: answers every command, in order. */
  manage(call: ManageCall): Promise<readonly (readonly HomeAnswer[])[]>;
  /** Asked of a home: takes note of which channels have subscribers at the calling hub. */
  occupancy(call: OccupancyCall): Promise<void>;
  /** Asked of a control home: whether another connection of a user may stay. */
  admitUser(call: AdmitUserCall): Promise<Admission>;
  /** Asked of a hub by a control home: how many connections users have there. */
  userCounts(call: UserCountsCall): Promise<readonly UserCount[]>;
  /** Asked of a hub by a control home: the connections of a user there. Builds before do not know it. */
  userConnections(call: UserConnectionsCall): Promise<UserConnectionsAnswer>;
}

export type Method = keyof HubRpc;
export type Call<Name extends Method> = Parameters<HubRpc[Name]>[0];
export type Answer<Name extends Method> = Awaited<ReturnType<HubRpc[Name]>>;

/** Makes a call of any method. */
export type MakeCall = <Name extends Method>(method: Name, call: Call<Name>) => Promise<Answer<Name>>;

const METHODS: { readonly [Name in Method]: true } = {
  follow: true,
  unfollow: true,
  publish: true,
  history: true,
  presence: true,
  members: true,
  deliver: true,
  manage: true,
  occupancy: true,
  admitUser: true,
  userCounts: true,
  userConnections: true,
};

const NAMES = Object.keys(METHODS) as Method[];

/** A hub of which every method is called in the same way. */
export function hubOf(makeCall: MakeCall): HubRpc {
  return Object.fromEntries(
    NAMES.map((method) => [method, (call: Call<Method>) => makeCall(method, call)]),
  ) as unknown as HubRpc;
}

/** Calls a method by its name. */
export function callHub<Name extends Method>(
  hub: HubRpc,
  method: Name,
  call: Call<Name>,
): Promise<Answer<Name>> {
  // Every method takes its own call and promises its own answer, which TypeScript cannot follow through a name.
  return (hub as unknown as Record<Name, (call: Call<Name>) => Promise<Answer<Name>>>)[method](call);
}
