import { createTokenVerifier, type TokenVerifier } from "../../src/auth/tokens.ts";
import { ChannelBook, type ChannelFacts } from "../../src/channels/channel-facts.ts";
import type { KeptHeaders } from "../../src/channels/kept-headers.ts";
import { personalChannel } from "../../src/channels/names.ts";
import type { ChannelOptions } from "../../src/channels/options.ts";
import type { ResolvedConfig } from "../../src/config/config.ts";
import { Events, type HubOfEvents } from "../../src/events/events.ts";
import { Management } from "../../src/fronts/server-api/management.ts";
import { UserCommands } from "../../src/fronts/server-api/user-commands.ts";
import type { HubRpc } from "../../src/hub-rpc/hub-rpc.ts";
import type { FollowAnswer, FollowRequest, Occupancy } from "../../src/hub-rpc/messages.ts";
import { Peers } from "../../src/hub-rpc/peers.ts";
import { withTimeouts } from "../../src/hub-rpc/timeout.ts";
import type { WireVersions } from "../../src/hub-rpc/wire-versions.ts";
import { Counters } from "../../src/metrics/counters.ts";
import { Membership } from "../../src/operations/membership.ts";
import { Publishing } from "../../src/operations/publishing.ts";
import { Renewals } from "../../src/operations/renewals.ts";
import { Presence } from "../../src/presence/presence.ts";
import { backendFetch } from "../../src/proxy/backend-fetch.ts";
import { withProxyHooks } from "../../src/proxy/install.ts";
import { ClientFaults } from "../../src/sessions/client-faults.ts";
import type { Connection, Connections } from "../../src/sessions/connection.ts";
import { Heartbeat } from "../../src/sessions/heartbeat.ts";
import type { HubOfSession } from "../../src/sessions/hub-of-session.ts";
import { Memory, type MemoryLimits } from "../../src/sessions/memory.ts";
import { NewHomes } from "../../src/sessions/new-homes.ts";
import { Outbox } from "../../src/sessions/outbox.ts";
import { Sender } from "../../src/sessions/sender.ts";
import type { Session } from "../../src/sessions/session.ts";
import { Sessions } from "../../src/sessions/sessions.ts";
import { newSessionState } from "../../src/sessions/state.ts";
import { UserLimit } from "../../src/sessions/user-limit.ts";
import { WaitingCommands } from "../../src/sessions/waiting-commands.ts";
import type { CloseDefinition } from "../../src/shared/codes.ts";
import { logEvent, logFailure } from "../../src/shared/log.ts";
import { ConditionalPublisher } from "../../src/streams/conditional-publisher.ts";
import { Deliveries, type HubOfDeliveries } from "../../src/streams/deliveries.ts";
import { Follower, type HubOfFollower } from "../../src/streams/follower.ts";
import { Home, type HubOfHome } from "../../src/streams/home.ts";
import type { HomeChannel } from "../../src/streams/home-channel.ts";
import { LocalChannels } from "../../src/streams/local-channels.ts";
import { Registry } from "../../src/streams/registry.ts";
import { RemoteHomes } from "../../src/streams/remote-homes.ts";
import { type HubOfVacancies, Vacancies } from "../../src/streams/vacancies.ts";
import { Alarms } from "./alarms.ts";
import { observe } from "./observe.ts";
import { Reporter, type ReportTargets } from "./reporter.ts";
import { SqlConditionStore } from "./storage/condition-store.ts";
import { SqlEventStore } from "./storage/event-store.ts";
import { SqlStreamStore } from "./storage/stream-store.ts";
import { Usage } from "./usage.ts";

/** What a hub finds around it. */
export interface Dependencies {
  readonly wireVersions: WireVersions;
  /** Milliseconds after which a call to another hub is given up. */
  readonly callTimeout: number;
  readonly memoryLimits: MemoryLimits;
  readonly connections: Connections;
  stubOf(hub: string): HubRpc;
  /** Where the hub reports to. */
  readonly targets: ReportTargets;
}

/** One hub's parts, and how they reach each other. It decides nothing by itself. */
export class HubCore
  implements HubOfHome, HubOfFollower, HubOfDeliveries, HubOfSession, HubOfEvents, HubOfVacancies
{
  readonly name: string;
  readonly config: ResolvedConfig;
  readonly callTimeout: number;
  readonly tokens: TokenVerifier;
  readonly subscriptionTokens: TokenVerifier;
  readonly store: SqlStreamStore;
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
  readonly eventStore: SqlEventStore | undefined;
  /** Undefined: nobody is told of anything. */
  readonly events: Events | undefined;
  readonly counters = new Counters(Date.now());
  readonly reporter: Reporter;
  readonly usage: Usage;
  readonly #book: ChannelBook;
  readonly #stubOf: (hub: string) => HubRpc;

  constructor(
    ctx: DurableObjectState,
    config: ResolvedConfig,
    { wireVersions, callTimeout, memoryLimits, connections, stubOf, targets }: Dependencies,
  ) {
    this.name = ctx.id.name ?? "";
    const fetch = backendFetch(ctx.exports);
    this.config = withProxyHooks(config, fetch);
    this.callTimeout = callTimeout;
    this.tokens = createTokenVerifier(config.tokens);
    this.subscriptionTokens = createTokenVerifier(config.subscriptionTokens);
    this.store = new SqlStreamStore(ctx.storage, wireVersions);
    this.alarms = new Alarms(ctx.storage);
    this.sessions = new Sessions(this, connections, this.store, wireVersions);
    this.homes = new RemoteHomes(this);
    this.deliveries = new Deliveries(this);
    this.home = new Home(this);
    this.follower = new Follower(this);
    this.vacancies = new Vacancies(this);
    this.registry = new Registry(this.home, this.deliveries, config.connection);
    this.memory = new Memory(this, memoryLimits);
    this.presence = new Presence(this);
    this.heartbeat = new Heartbeat(this);
    this.#book = new ChannelBook(config.namespaces);
    const peers = new Peers(wireVersions, (hub) => {
      this.counters.callsMade += 1;
      return stubOf(hub);
    });
    this.#stubOf = (hub) => withTimeouts(peers.stubOf(hub), callTimeout);
    this.conditional = new ConditionalPublisher(this, new SqlConditionStore(ctx.storage));
    this.eventStore = config.events && new SqlEventStore(ctx.storage);
    this.events = config.events && this.eventStore && new Events(this, config.events, this.eventStore, fetch);
    this.reporter = new Reporter(observe(this), targets, Date.now());
    this.usage = new Usage(this, ctx.storage);
    const sender = new Sender(this, connections);
    this.outbox = new Outbox({
      store: (now) => this.#store(now),
      durable: () => ctx.storage.sync(),
      send: (session) => sender.send(session),
      call: () => {
        this.homes.flush();
        this.deliveries.send();
        this.events?.send();
        this.presence.flushed(Date.now());
        this.counters.flushes += 1;
        this.reporter.flushed(Date.now());
      },
      fail: (failure) => {
        logFailure("hub.flush_failed", failure, { hub: this.name });
        ctx.abort("a flush has failed");
      },
    });
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

  wakeAt(time: number): void {
    this.alarms.wakeAt(time);
  }

  schedule(): void {
    this.outbox.schedule();
  }

  queue(session: Session): void {
    this.outbox.queue(session);
  }

  stubOf(hub: string): HubRpc {
    return this.#stubOf(hub);
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
  accept(connection: Connection, now: number, headers?: KeptHeaders): Session {
    this.counters.connections += 1;
    const session = this.sessions.add(connection, newSessionState(now, headers));
    this.#logConnection("hub.connection_opened", session);
    return session;
  }

  /** Makes sure that the alarm comes in time for a session. */
  wakeForExpiry(session: Session): void {
    this.wakeAt(this.heartbeat.nextLook(session, Date.now()));
  }

  /** Sets the alarm for the next thing that is due, after it has fired. */
  rearm(now: number): void {
    const due = [
      this.heartbeat.nextBeat(now),
      this.home.trimDue(now),
      this.vacancies.nextDue,
      this.events?.nextDue(now),
      this.conditional.trim(now),
    ];
    for (const time of due) if (time !== undefined) this.wakeAt(time);
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
    this.faults.note({ code, reason }, session.state.client);
    this.membership.forget(session, code);
    this.#logConnection("hub.connection_closed", session, code);
  }

  /** The client has closed, or is gone. */
  gone(session: Session, code: number): void {
    this.membership.forget(session, code);
    this.#logConnection("hub.connection_closed", session, code);
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
    return this.#stubOf(home).occupancy({ hub: this.name, reports });
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

  #logConnection(event: string, { state }: Session, code?: number): void {
    if (this.config.operations.logsConnections)
      logEvent(event, { hub: this.name, client: state.client, code });
  }

  #store(now: number): boolean {
    const hasPublished = this.home.flush(now);
    const hasNoted = this.events?.flush(now) ?? false;
    return hasPublished || hasNoted;
  }
}
