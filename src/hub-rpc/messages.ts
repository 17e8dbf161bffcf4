/**
 * What hubs say to each other, in the words of the protocol: codecs are an affair between a hub and its clients. Every call
 * carries its version: an unknown one is refused, never guessed. What other versions say differently is in `version-1`.
 */

import type { RecoveryQuestion } from "../channels/recovery.ts";
import type { ClientInfo, NewPublication, StreamPosition, WirePublication } from "../protocol/messages.ts";
import type { UserCommand } from "./management.ts";

/** What every call carries on its way; `Peers` adds it. */
export interface Versioned {
  readonly version?: number;
}

/** Whether a channel has subscribers at a hub. A larger sequence is newer. */
export interface Occupancy {
  readonly channel: string;
  readonly sequence: number;
  readonly occupied: boolean;
}

/** Whether channels have subscribers at the calling hub: for the events of their home. */
export interface OccupancyCall extends Versioned {
  readonly hub: string;
  readonly reports: readonly Occupancy[];
}

/** Which stored publications are wanted: those after an offset, or the newest ones before one. */
export interface HistoryRead {
  /** Only publications with a greater offset. */
  readonly after?: number | undefined;
  /** Only publications with a smaller offset. */
  readonly before?: number | undefined;
  readonly limit: number;
  readonly reverse?: boolean;
  /** Stops the read when it has gathered more characters than this. */
  readonly length?: number;
}

/** Publications with consecutive offsets. */
export interface PublicationRun {
  /** Offset of the first one. */
  readonly first: number;
  readonly publications: readonly WirePublication[];
}

/** A recovery that is asked for, before the stream is known. */
export interface Recovering extends Omit<RecoveryQuestion, "stream"> {
  /** Characters that it may bring; undefined for as many as a reply may have. */
  readonly length?: number | undefined;
}

export interface FollowRequest {
  readonly channel: string;
  /** The registration that the follower has, if it knows of one. */
  readonly generation: number | undefined;
  /** What the follower's sessions have seen, if it knows. */
  readonly position: { readonly epoch: string; readonly offset: number } | undefined;
  /** What a session wants to recover, for which the home reads the history. */
  readonly recovery: Recovering | undefined;
}

export interface FollowCall extends Versioned {
  readonly hub: string;
  readonly requests: readonly FollowRequest[];
}

/** A registration that a follower ends. */
export interface EndedRegistration {
  readonly channel: string;
  /** Undefined where the follower has slept over it: the home asks it then. */
  readonly generation: number | undefined;
}

/** Channels that nobody at the calling hub is subscribed to any more. It may come late, twice or never. */
export interface UnfollowCall extends Versioned {
  readonly hub: string;
  readonly registrations: readonly EndedRegistration[];
}

export interface FollowAnswer {
  readonly generation: number;
  readonly epoch: string;
  /** The top of the stream; 0 without history. */
  readonly offset: number;
  /** What the home knows this follower's sessions to have seen, if it can know. */
  readonly vouched: number | undefined;
  /** What the follower's sessions have not seen yet, up to the top, if all of it is there. */
  readonly missed: PublicationRun | undefined;
  /** What the recovery needs of the history. */
  readonly history: PublicationRun | undefined;
  /** Whether that is longer than it may be, and therefore not here. */
  readonly isLong?: boolean;
}

/** What keeps a publication from being published twice, or after a newer one. */
export interface PublishConditions {
  /** "" is none. */
  readonly idempotencyKey: string;
  /** 0 is none. */
  readonly version: number;
  readonly versionEpoch: string;
}

/** Something that goes to a channel: a publication, or word of somebody who came or went. */
export type Submission =
  | {
      readonly kind: "publication";
      readonly channel: string;
      readonly publication: NewPublication;
      readonly skipHistory: boolean;
      /** Absent for none. */
      readonly conditions?: PublishConditions;
    }
  | JoinLeaveSubmission;

/** That somebody came to a channel, or left it. */
export interface JoinLeave {
  readonly kind: "join" | "leave";
  readonly info: ClientInfo;
}

export interface JoinLeaveSubmission extends JoinLeave {
  readonly channel: string;
  /** Whether the subscriber shows in presence. */
  readonly isPresent: boolean;
}

export interface PublishCall extends Versioned {
  /** Who calls; "" where that is not known. */
  readonly hub: string;
  readonly submissions: readonly Submission[];
}

/** Where a publication is stored (offset 0 without history), or the code of the error that refused it. */
export type PublishAnswer =
  | {
      readonly offset: number;
      readonly epoch: string;
      /** Subscribers at the home, where another hub asks for a client: it charges for them. */
      readonly subscribers?: number;
    }
  | { readonly errorCode: number };

export interface HistoryCall extends Versioned {
  readonly channel: string;
  readonly limit: number;
  readonly since: StreamPosition | undefined;
  readonly reverse: boolean;
  /** Characters up to which the publications are wanted; undefined for as many of them as a reply may have. */
  readonly length?: number | undefined;
}

/** Publications in the order that was asked for, and the position of the stream; or why not. */
export type HistoryAnswer =
  | {
      readonly epoch: string;
      readonly offset: number;
      readonly publications: readonly WirePublication[];
      /** Whether they are longer than was asked for, and therefore not here. */
      readonly isLong?: boolean;
    }
  | { readonly errorCode: number };

/** Members of a channel, to be counted: hashes of their client ids, and of their users in the same order. */
export interface MemberKeys {
  readonly clients: readonly number[];
  readonly users: readonly number[];
}

export interface PresenceNumbers {
  readonly clients: number;
  readonly users: number;
}

/** Asks who is subscribed to a channel, or how many. */
export type PresenceCall = Versioned & {
  readonly channel: string;
  readonly caller: string;
} & (
    | {
        /** Characters of members that the caller can take, its own not among them. */
        readonly limit: number;
      }
    | {
        /** Numbers are wanted, with the calling hub's own members, which it knows better than any cache. */
        readonly keys: MemberKeys;
      }
  );

/** Instead of members, where they are more than was asked for: how much they are, in the unit of the question. */
export interface TooLarge {
  readonly untold: number;
}

/** Members at all hubs but the calling one, or numbers. */
export type PresenceAnswer = readonly ClientInfo[] | PresenceNumbers | TooLarge;

export interface MembersCall extends Versioned {
  readonly channel: string;
  /** The most that is wanted: characters of members, or members where only keys are. */
  readonly limit: number;
  readonly keysOnly: boolean;
}

/** Members of one hub, or their keys. */
export type MembersAnswer = readonly ClientInfo[] | MemberKeys | TooLarge;

/** Asked of a user's control home: whether another connection of the user may stay. */
export interface AdmitUserCall extends Versioned {
  readonly hub: string;
  readonly user: string;
  /** Connections of the user at the asking hub, the new one among them; 0 where they are not limited. */
  readonly count: number;
  /** Absent from builds that know of no blocks: a blocked user is to them one with too many connections. */
  readonly knowsBlocks?: true;
}

/** Whether another connection may stay; or that its user is blocked, and why. */
export type Admission = boolean | { readonly blocked: string };

/** Asks a hub how many connections it has of the users of a control channel, or of one who has too many. */
export interface UserCountsCall extends Versioned {
  readonly channel: string;
  readonly user?: string;
}

export type UserCount = readonly [user: string, count: number];

/** Asks a hub for its connections of a user. */
export interface UserConnectionsCall extends Versioned {
  readonly user: string;
  /** How many are wanted; the others are only counted. */
  readonly limit: number;
}

/** A connection of a user, as its hub knows it. */
export interface HubConnection {
  readonly client: string;
  /** `websocket`, or how it comes over HTTP. */
  readonly transport: string;
  /** What it speaks. */
  readonly protocol: string;
  /** In milliseconds. */
  readonly connectedAt: number;
  readonly subscriptions: number;
  /** The first of them. */
  readonly channels: readonly string[];
}

export interface UserConnectionsAnswer {
  readonly connections: readonly HubConnection[];
  /** Connections that are not among them. */
  readonly more: number;
}

/** What has no offset: a publication, or on a control channel a command. */
export type Unnumbered = {
  /** The offset that it follows; 0 in a channel without history. */
  readonly after: number;
} & ({ readonly publication: WirePublication } | { readonly command: UserCommand });

/** What a home delivers of one channel. */
export interface Delivery {
  readonly channel: string;
  readonly generation: number;
  readonly epoch: string;
  /** The offset before the first publication; undefined for a channel without history. */
  readonly previous: number | undefined;
  /** Whether the home knew, when it sent this, that the follower's sessions had seen exactly `previous`. */
  readonly vouched: boolean;
  /** The publications after `previous` are gone: the follower's sessions must recover by themselves. */
  readonly lost: boolean;
  readonly publications: readonly WirePublication[];
  readonly unnumbered: readonly Unnumbered[];
  /** For those who asked to be told. */
  readonly joinLeave: readonly JoinLeave[];
}

export interface DeliverCall extends Versioned {
  readonly home: string;
  /** Names one waking life of the home: `sequence` counts within it. */
  readonly incarnation: string;
  readonly sequence: number;
  /** When the home sent it, in milliseconds. */
  readonly sentAt: number;
  readonly deliveries: readonly Delivery[];
}

/** A follower's answer to a delivery: how far its sessions are now, or that there is nobody any more. */
export interface DeliveryAnswer {
  readonly channel: string;
  readonly generation: number;
  readonly nobody: boolean;
  readonly offset: number | undefined;
}
