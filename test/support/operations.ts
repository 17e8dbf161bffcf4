/** A hub in memory, with the few things that operations need of one, and sessions that nobody is connected to. */

import type { ConnectionClaims, SubscriptionClaims, Verified } from "../../src/auth/tokens.ts";
import { Shedding } from "../../src/budget/shedding.ts";
import { ChannelBook, type ChannelFacts } from "../../src/channels/channel-facts.ts";
import type { Hooks } from "../../src/channels/hooks.ts";
import {
  type Config,
  type ConnectionSettings,
  type ResolvedConfig,
  resolveConfig,
} from "../../src/config/config.ts";
import type { HubOfClients } from "../../src/fronts/centrifugo/dispatch.ts";
import type { HubOfUserCommand } from "../../src/fronts/server-api/apply-user-command.ts";
import type {
  HistoryAnswer,
  HistoryCall,
  PublishAnswer,
  Recovering,
  Submission,
} from "../../src/hub-rpc/messages.ts";
import { Counters } from "../../src/metrics/counters.ts";
import type { Followed } from "../../src/operations/connect.ts";
import { Membership } from "../../src/operations/membership.ts";
import type { OperationRequest, Outcome } from "../../src/operations/operation.ts";
import type { PresenceOutcome } from "../../src/presence/presence.ts";
import type { Connection } from "../../src/sessions/connection.ts";
import { LongReplies } from "../../src/sessions/long-replies.ts";
import { NewHomes } from "../../src/sessions/new-homes.ts";
import { Session } from "../../src/sessions/session.ts";
import { newSessionState, type Subscription } from "../../src/sessions/state.ts";
import type { Admitted } from "../../src/sessions/user-limit.ts";
import { WaitingCommands } from "../../src/sessions/waiting-commands.ts";
import type { CloseDefinition } from "../../src/shared/codes.ts";
import type { Opening } from "../../src/streams/follower.ts";
import { HomeChannel } from "../../src/streams/home-channel.ts";
import type { HomeOfReads } from "../../src/streams/home-reads.ts";
import { LocalChannels } from "../../src/streams/local-channels.ts";
import { Recorder } from "../../src/trace/recorder.ts";

/** An hour from now, in Unix seconds. */
export const IN_AN_HOUR = Math.floor(Date.now() / 1000) + 3600;
/** An hour ago. */
export const AN_HOUR_AGO = IN_AN_HOUR - 7200;

const NAMESPACES: Config = {
  namespaces: [
    { name: "chat", allow_subscribe_for_client: true, allow_publish_for_subscriber: true },
    {
      name: "news",
      history_size: 10,
      history_ttl: 60,
      force_recovery: true,
      allow_subscribe_for_client: true,
    },
    {
      ...{ name: "open", history_size: 10, history_ttl: 60, presence: true, force_positioning: true },
      ...{ allow_subscribe_for_client: true, allow_publish_for_client: true },
      ...{ allow_history_for_client: true, allow_presence_for_client: true },
    },
    { name: "closed", history_size: 10, history_ttl: 60, presence: true },
  ],
};

/** Channels named ":here" are homed here, all others elsewhere. */
export class FakeHub implements HubOfClients, HubOfUserCommand {
  readonly name = "home/here";
  readonly config: ResolvedConfig;
  readonly counters = new Counters(Date.now());
  readonly waiting = new WaitingCommands();
  readonly recorder = new Recorder<Session>(true, Date.now());
  readonly outbox = { replies: new LongReplies() };
  readonly locals = new LocalChannels();
  readonly newHomes = new NewHomes();
  readonly publishing = { submit: (...submitted: Submitted) => void this.submitted.push(submitted) };
  readonly presence = { turn: 0, changed: () => {}, ask: async () => this.presenceOutcome };
  readonly follower = {
    isFollowing: () => false,
    open: (channel: string, recovery?: Recovering) => this.open(channel, recovery),
  };
  readonly homes = { history: async (_home: string, _call: HistoryCall) => this.history };
  readonly faults = { noteUnproven: (what: string) => void this.unproven.push(what) };
  readonly events = {
    opened: () => this.#note("opened"),
    joined: (_session: Session, channel: string) => this.#note(`joined ${channel}`),
    left: (_session: Session, channel: string) => this.#note(`left ${channel}`),
    closed: () => this.#note("closed"),
  };
  readonly sessions = {
    identify: (session: Session, user: string) => void Object.assign(session.state, { user }),
    connected: () => this.#note("connected"),
    remove: () => {},
  };
  readonly userLimit = {
    mayHaveHere: () => this.isWithinUserLimit,
    admit: async (): Promise<Admitted> => "yes",
    admitUnblocked: async (): Promise<Admitted> => "yes",
  };
  readonly userCommands = {
    follow: async () => this.followed,
    connected: () => this.#note("user commands"),
    remove: () => {},
  };
  readonly usage = { begin: () => {} };
  readonly overview = undefined;
  readonly tokens = { connection: async () => this.connectionToken };
  readonly subscriptionTokens = { subscription: async () => this.subscriptionToken };
  readonly renewals: { readonly renewsConnections: boolean; readonly renewsSubscriptions: boolean };
  readonly memory = { takesSubscriptions: true };
  readonly shedding = new Shedding();
  readonly home: HomeOfReads;
  readonly membership = new Membership(this);

  /** What was submitted, with the functions that answer it. */
  readonly submitted: Submitted[] = [];
  readonly unproven: string[] = [];
  /** What parts of the hub were told, in order. */
  readonly told: string[] = [];
  /** Sessions that the alarm was set for. */
  readonly woken: Session[] = [];
  /** What comes of what is asked of others. */
  history: HistoryAnswer = { epoch: "e", offset: 2, publications: ["1", "2"] };
  presenceOutcome: PresenceOutcome = { kind: "presence_stats", clients: 2, users: 1 };
  connectionToken: Verified<ConnectionClaims> = { kind: "expired" };
  subscriptionToken: Verified<SubscriptionClaims> = { kind: "expired" };
  isWithinUserLimit = true;
  followed: Followed = "before";
  readonly #book: ChannelBook;

  constructor(hooks: Hooks = {}, connection: ConnectionSettings = {}) {
    this.config = resolveConfig({ ...NAMESPACES, connection, hooks }, {});
    this.#book = new ChannelBook(this.config.namespaces);
    const { refresh, refreshSubscription } = hooks;
    this.renewals = {
      renewsConnections: refresh !== undefined,
      renewsSubscriptions: refreshSubscription !== undefined,
    };
    this.home = {
      channel: (name) => {
        const { options } = this.factsOf(name);
        return options && new HomeChannel(name, options);
      },
      open: (channel) => void Object.assign(channel, { epoch: "e", top: channel.hasHistory ? 2 : 0 }),
      hold: () => {},
      read: () => ({ first: 1, publications: ["1", "2"] }),
    };
  }

  /** Opens a channel that is homed elsewhere. */
  open = async (_channel: string, _recovery?: Recovering): Promise<Opening> => openingOf();

  factsOf(channel: string): ChannelFacts {
    return this.#book.factsOf(channel);
  }

  isHomeOf(channel: string): boolean {
    return channel.endsWith(":here");
  }

  homeOf(channel: string): string {
    return this.factsOf(channel).home;
  }

  personalChannelOf(): undefined {
    return undefined;
  }

  wakeForExpiry(session: Session): void {
    this.woken.push(session);
  }

  vacated(channel: string): void {
    this.#note(`vacated ${channel}`);
  }

  queue(): void {}

  left(session: Session, { code }: CloseDefinition): void {
    this.membership.forget(session, code);
  }

  #note(what: string): void {
    this.told.push(what);
  }
}

type Submitted = [submission: Submission, answer: (answer: PublishAnswer) => void];

/** An opening at offset 2. */
export function openingOf(opening: Partial<Opening> = {}): Opening {
  return { epoch: "e", offset: 2, history: undefined, commit: () => [], abandon: () => {}, ...opening };
}

/** A session, and the frames that its client would get. */
export function sessionOf(hub: FakeHub, user = "ann"): { session: Session; frames: string[] } {
  const frames: string[] = [];
  const connection: Connection = {
    buffered: undefined,
    lastPong: 0,
    send: (frame) => void frames.push(String(frame)),
    close: ({ code }) => void frames.push(`closed with ${code}`),
    remember: () => {},
    recall: () => undefined,
  };
  const session = new Session(
    hub,
    connection,
    newSessionState(Date.now(), { encoding: "json" }),
    "connected",
  );
  session.state.user = user;
  return { session, frames };
}

/** A subscription as `session.subscriptions` has it. */
export function subscriptionTo(channel: string, changes: Partial<Subscription> = {}): Subscription {
  return {
    ...{ channel, isServerSide: false, isPositioned: false, isRecoverable: false, wantsJoinLeave: false },
    ...{ isAnnounced: false, isPresent: false, info: undefined, expireAt: undefined, hasToken: false },
    ...{ isAdded: false, ...changes },
  };
}

/** Runs an operation to its end. Returns its outcome; undefined where it gave none. */
export async function outcomeOf<Asked, Result>(
  operation: (request: OperationRequest<Asked, Result>) => Promise<void> | undefined,
  session: Session,
  command: OperationRequest<Asked, Result>["command"],
): Promise<Outcome<Result> | undefined> {
  const outcomes: Outcome<Result>[] = [];
  const answer = (outcome: Outcome<Result>) => void outcomes.push(outcome);
  await operation({ session, command, answer });
  if (outcomes.length > 1) throw new Error("an operation has answered twice");
  return outcomes[0];
}
