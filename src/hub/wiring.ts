import { createTokenVerifier, type TokenVerifier } from "../auth/tokens.ts";
import { Shedding } from "../budget/shedding.ts";
import { ChannelBook, type ChannelFacts } from "../channels/channel-facts.ts";
import { personalChannel } from "../channels/names.ts";
import type { ChannelOptions } from "../channels/options.ts";
import { OVERVIEW_CHANNEL } from "../channels/overview.ts";
import type { ResolvedConfig } from "../config/config.ts";
import { Events, type HubOfEvents } from "../events/events.ts";
import { Management } from "../fronts/server-api/management.ts";
import { UserCommands } from "../fronts/server-api/user-commands.ts";
import type { HubRpc } from "../hub-rpc/hub-rpc.ts";
import type { FollowAnswer, FollowRequest, Occupancy } from "../hub-rpc/messages.ts";
import { Peers } from "../hub-rpc/peers.ts";
import { Counters } from "../metrics/counters.ts";
import { Membership } from "../operations/membership.ts";
import { Publishing } from "../operations/publishing.ts";
import { Renewals } from "../operations/renewals.ts";
import { Presence } from "../presence/presence.ts";
import { withProxyHooks } from "../proxy/install.ts";
import { BlockedUsers } from "../sessions/blocked-users.ts";
import { ClientFaults } from "../sessions/client-faults.ts";
import type { Connection } from "../sessions/connection.ts";
import { Heartbeat } from "../sessions/heartbeat.ts";
import type { HubOfSession } from "../sessions/hub-of-session.ts";
import { Memory } from "../sessions/memory.ts";
import { NewHomes } from "../sessions/new-homes.ts";
import { Outbox } from "../sessions/outbox.ts";
import { Sender } from "../sessions/sender.ts";
import type { Session } from "../sessions/session.ts";
import { Sessions } from "../sessions/sessions.ts";
import type { SessionState } from "../sessions/state.ts";
import { UserLimit } from "../sessions/user-limit.ts";
import { WaitingCommands } from "../sessions/waiting-commands.ts";
import type { HubJob } from "../shared/alarm-jobs.ts";
import type { CloseDefinition } from "../shared/codes.ts";
import { logFailure } from "../shared/log.ts";
import { ConditionalPublisher } from "../streams/conditional-publisher.ts";
import { Deliveries, type HubOfDeliveries } from "../streams/deliveries.ts";
import { Follower, type HubOfFollower } from "../streams/follower.ts";
import { Home, type HubOfHome } from "../streams/home.ts";
import type { HomeChannel } from "../streams/home-channel.ts";
import { LocalChannels } from "../streams/local-channels.ts";
import { Registry } from "../streams/registry.ts";
import { RemoteHomes } from "../streams/remote-homes.ts";
import type { StreamStore } from "../streams/stream-store.ts";
import { type HubOfVacancies, Vacancies } from "../streams/vacancies.ts";
import { Recorder } from "../trace/recorder.ts";
import { Alarms } from "./alarms.ts";
import { Breaker } from "./breaker.ts";
import { ConnectionLog } from "./connection-log.ts";
import { flushStepsOf } from "./flush-steps.ts";
import { observe } from "./observe.ts";
import { OpenOverviews, overviewConfig } from "./overview-home.ts";
import type { HubSettings, Platform, Stores } from "./platform.ts";
import { Reporter } from "./reporter.ts";
import { Usage } from "./usage.ts";
import { wakeBudgets } from "./wake-budgets.ts";

/** One hub's parts, and how they reach each other. It decides nothing by itself. */
export class Wiring
  implements HubOfHome, HubOfFollower, HubOfDeliveries, HubOfSession, HubOfEvents, HubOfVacancies
{
  readonly name: string;
  readonly config: ResolvedConfig;
  readonly callTimeout: number;
  readonly tokens: TokenVerifier;
  readonly subscriptionTokens: TokenVerifier;
  readonly stores: Stores;
  readonly breaker: Breaker;
  readonly alarms: Alarms;
  readonly locals = new LocalChannels();
  readonly outbox: Outbox;
  readonly waiting = new WaitingCommands();
  readonly sessions: Sessions;
  readonly home: Home;
  readonly deliveries: Deliveries;
  readonly follower: Follower;
  readonly vacancies: Vacancies;
  readonly homes: RemoteHomes;
  readonly newHomes = new NewHomes();
  readonly registry: Registry;
  readonly memory: Memory;
  readonly presence: Presence;
  readonly heartbeat: Heartbeat;
  readonly faults = new ClientFaults();
  readonly renewals = new Renewals(this);
  readonly membership = new Membership(this);
  readonly publishing = new Publishing(this);
  readonly conditional: ConditionalPublisher;
  readonly management = new Management(this);
  readonly userCommands = new UserCommands(this);
  readonly userLimit = new UserLimit(this);
  readonly blockedUsers: BlockedUsers;
  /** Undefined: nobody is told of anything. */
  readonly events: Events | undefined;
  readonly counters = new Counters(Date.now());
  readonly recorder: Recorder<Session>;
  readonly connections: ConnectionLog;
  readonly reporter: Reporter;
  readonly shedding = new Shedding((what) => this.counters.shed.add(what));
  readonly usage: Usage;
  readonly overview: OpenOverviews | undefined;
  readonly #book: ChannelBook;
  readonly #peers: Peers;

  constructor(platform: Platform, config: ResolvedConfig, settings: HubSettings) {
    const { connections, stores, overview } = platform;
    const { wireVersions, callTimeout, memoryLimits } = settings;
    this.name = platform.name;
    this.config = overview ? overviewConfig(config) : withProxyHooks(config, platform.fetch);
    this.overview = overview && new OpenOverviews(overview);
    this.callTimeout = callTimeout;
    this.tokens = overview?.tokens ?? createTokenVerifier(config.tokens);
    this.subscriptionTokens = createTokenVerifier(config.subscriptionTokens);
    this.stores = stores;
    this.recorder = new Recorder(config.operations.flightRecorder, Date.now());
    this.connections = new ConnectionLog(this);
    this.breaker = new Breaker(this, wakeBudgets(config.connection), stores.paces);
    this.alarms = new Alarms(platform.alarm, this.breaker);
    this.sessions = new Sessions(this, connections, stores.sessions, wireVersions.stored);
    this.homes = new RemoteHomes(this);
    this.deliveries = new Deliveries(this);
    this.home = new Home(this);
    this.follower = new Follower(this);
    this.vacancies = new Vacancies(this);
    this.registry = new Registry(this.home, this.deliveries, config.connection);
    this.memory = new Memory(this, memoryLimits);
    this.presence = new Presence(this);
    this.heartbeat = new Heartbeat(this);
    this.#book = new ChannelBook(config.namespaces, overview && OVERVIEW_CHANNEL);
    this.#peers = new Peers({
      versions: wireVersions.calls,
      timeout: callTimeout,
      stubOf: (hub) => {
        this.counters.callsMade += 1;
        return platform.stubOf(hub);
      },
    });
    this.blockedUsers = new BlockedUsers(this, stores.blocks);
    this.conditional = new ConditionalPublisher(this, stores.conditions);
    const { events } = this.config;
    this.events = events && new Events(this, events, stores.events, platform.fetch);
    this.reporter = new Reporter(observe(this, platform, settings), platform.targets, Date.now());
    this.usage = new Usage(this, platform);
    this.outbox = new Outbox(flushStepsOf(this, platform, new Sender(this, connections)));
  }

  get store(): StreamStore {
    return this.stores.streams;
  }

  /** Reads the sessions back after sleep. */
  wake(): void {
    if (this.sessions.isAwake) return;
    for (const session of this.sessions.wake()) {
      for (const subscription of session.subscriptions.values()) this.locals.add(session, subscription);
      if (!session.isConnected) continue;
      this.userCommands.add(session);
      this.usage.resume();
    }
    this.home.resume();
  }

  optionsOf(channel: string): ChannelOptions | undefined {
    return this.factsOf(channel).options;
  }

  wakeAt(time: number, job: HubJob): void {
    this.alarms.wakeAt(time, job);
  }

  schedule(): void {
    this.outbox.schedule();
  }

  queue(session: Session): void {
    this.outbox.queue(session);
  }

  stubOf(hub: string): HubRpc {
    return this.#peers.stubOf(hub);
  }

  /** What follows from a channel's name. */
  factsOf(channel: string): ChannelFacts {
    return this.#book.factsOf(channel);
  }

  /** Whether a channel is homed at this hub. */
  isHomeOf(channel: string): boolean {
    return this.factsOf(channel).home === this.name;
  }

  /** Takes a new connection in. */
  accept(connection: Connection, state: SessionState): Session {
    this.counters.connections += 1;
    const session = this.sessions.add(connection, state);
    this.connections.opened(session);
    return session;
  }

  /** Makes sure that the alarm comes in time for a session. */
  wakeForExpiry(session: Session): void {
    const now = Date.now();
    const time = this.heartbeat.nextLook(session, now);
    this.wakeAt(time, this.heartbeat.jobAt(time, now));
  }

  /** The channel that the server subscribes a user to, where that is configured, and the user's id allows it. */
  personalChannelOf(user: string): string | undefined {
    const { enabled, namespace } = this.config.connection.personalChannel;
    const channel = enabled ? personalChannel(namespace, user) : undefined;
    return channel !== undefined && this.factsOf(channel).check === "ok" ? channel : undefined;
  }

  followersOf(channel: string): Iterable<string> {
    return this.home.channel(channel)?.followers.keys() ?? [];
  }

  endSubscriptions(channel: string, why: CloseDefinition): void {
    this.membership.endSubscriptions(channel, why);
  }

  left(session: Session, { code, reason }: CloseDefinition): void {
    this.counters.disconnects.add(code);
    this.faults.note({ code, reason }, session);
    this.gone(session, code);
  }

  /** The client has closed, or is gone. */
  gone(session: Session, code: number): void {
    this.connections.closed(session, code);
    this.membership.forget(session, code);
  }

  follow(request: FollowRequest): Promise<FollowAnswer> {
    return this.homes.follow(this.factsOf(request.channel).home, request);
  }

  /** Milliseconds between two pings. */
  get pingInterval(): number {
    return this.config.connection.pingInterval * 1000;
  }

  homeOf(channel: string): string {
    return this.factsOf(channel).home;
  }

  reportOccupancy(home: string, reports: readonly Occupancy[]): Promise<void> {
    return this.stubOf(home).occupancy({ hub: this.name, reports });
  }

  after(channel: HomeChannel, offset: number, length: number) {
    return this.home.after(channel, offset, length, Date.now());
  }

  forgetFollower(channel: HomeChannel, hub: string): void {
    this.home.forgetFollower(channel, hub);
    this.usage
      .freeIfIdle()
      .catch((failure: unknown) => logFailure("hub.not_freed", failure, { hub: this.name }));
  }

  /** Nobody here is subscribed to a channel any more, nor about to be. */
  vacated(channel: string): void {
    if (this.isHomeOf(channel)) this.home.vacated();
    else this.vacancies.note(channel, Date.now());
  }
}
