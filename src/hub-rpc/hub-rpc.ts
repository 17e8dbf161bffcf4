import type { HomeAnswer, ManageCall } from "./management.ts";
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
  admitUser(call: AdmitUserCall): Promise<boolean>;
  /** Asked of a hub by a control home: how many connections users have there. */
  userCounts(call: UserCountsCall): Promise<readonly UserCount[]>;
}
