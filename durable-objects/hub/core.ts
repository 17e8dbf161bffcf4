import { createTokenVerifier, type TokenVerifier } from "../../src/auth/tokens.ts";
import type { ResolvedConfig } from "../../src/channels/config.ts";
import { planHistory } from "../../src/channels/history.ts";
import { personalChannel } from "../../src/channels/names.ts";
import type { ChannelOptions } from "../../src/channels/options.ts";
import { type CloseDefinition, DISCONNECTS, ERRORS } from "../../src/codes.ts";
import { logEvent, logFailure } from "../../src/log.ts";
import { encodeInfo, encodeUnsubscribePush } from "../../src/protocol/encode.ts";
import type { KeptHeaders } from "../../src/proxy/headers.ts";
import { withProxyHooks } from "../../src/proxy/install.ts";
import { wayOut } from "../../src/proxy/way-out.ts";
import { Alarms } from "./alarms.ts";
import type {
  FollowAnswer,
  FollowRequest,
  HistoryAnswer,
  HistoryCall,
  Members,
  Occupancy,
  PublishAnswer,
  Recovering,
  Submission,
} from "./calls.ts";
import { ChannelBook, type ChannelFacts } from "./channel-facts.ts";
import { Counters } from "./counters.ts";
import { Deliveries, type HubOfDeliveries } from "./deliveries.ts";
import { EventStore } from "./event-store.ts";
import { Events, type HubOfEvents } from "./events.ts";
import { type Entrance, Follower, type HubOfFollower } from "./follower.ts";
import type { Formats } from "./formats.ts";
import { Heartbeat } from "./heartbeat.ts";
import { Home, type HubOfHome, readRecovery } from "./home.ts";
import type { HomeChannel } from "./home-channel.ts";
import type { HubStub } from "./hub-stub.ts";
import { LocalChannels } from "./local-channels.ts";
import { Management } from "./management.ts";
import { observe } from "./observe.ts";
import { Outbox } from "./outbox.ts";
import { Peers } from "./peers.ts";
import { Presence } from "./presence.ts";
import { Registry } from "./registry.ts";
import { RemoteHomes } from "./remote-homes.ts";
import { Renewals } from "./renewals.ts";
import { Reporter, type ReportTargets } from "./reporter.ts";
import { sendFrame } from "./send.ts";
import type { HubOfSession, Session } from "./session.ts";
import { newSessionState, type Subscription } from "./session-state.ts";
import { Sessions } from "./sessions.ts";
import { StreamStore } from "./stream-store.ts";
import { withTimeouts } from "./timeout.ts";
import { UserCommands } from "./user-commands.ts";

/** What a hub finds around it. */
export interface Surroundings {
  readonly formats: Formats;
  /** Milliseconds after which a call to another hub is given up. */
  readonly callTimeout: number;
  stubOf(hub: string): HubStub;
  /** Where the hub reports to. */
  readonly targets: ReportTargets;
}

/** One hub's parts, and how they reach each other. It decides nothing by itself. */
export class HubCore implements HubOfHome, HubOfFollower, HubOfDeliveries, HubOfSession, HubOfEvents {
  readonly name: string;
  readonly config: ResolvedConfig;
  readonly callTimeout: number;
  readonly tokens: TokenVerifier;
  readonly subscriptionTokens: TokenVerifier;
  readonly store: StreamStore;
  readonly alarms: Alarms;
  readonly locals = new LocalChannels();
  readonly outbox: Outbox;
  readonly sessions: Sessions;
  readonly home: Home;
  readonly deliveries: Deliveries;
  readonly follower: Follower;
  readonly homes: RemoteHomes;
  readonly registry: Registry;
  readonly presence: Presence;
  readonly heartbeat: Heartbeat;
  readonly renewals = new Renewals(this);
  readonly management: Management;
  readonly userCommands = new UserCommands(this);
  /** Undefined: nobody is told of anything. */
  readonly events: Events | undefined;
  readonly counters = new Counters(Date.now());
  readonly reporter: Reporter;
  readonly #book: ChannelBook;
  readonly #stubOf: (hub: string) => HubStub;

  constructor(
    ctx: DurableObjectState,
    config: ResolvedConfig,
    { formats, callTimeout, stubOf, targets }: Surroundings,
  ) {
    this.name = ctx.id.name ?? "";
    const fetch = wayOut(ctx.exports);
    this.config = withProxyHooks(config, fetch);
    this.callTimeout = callTimeout;
    this.tokens = createTokenVerifier(config.tokens);
    this.subscriptionTokens = createTokenVerifier(config.subscriptionTokens);
    this.store = new StreamStore(ctx.storage, formats);
    this.alarms = new Alarms(ctx.storage);
    this.sessions = new Sessions(ctx, this.store, this, formats);
    this.homes = new RemoteHomes(this.name, (hub) => this.stubOf(hub));
    this.deliveries = new Deliveries(this);
    this.home = new Home(this);
    this.follower = new Follower(this);
    this.registry = new Registry(this.home, this.store, this.deliveries);
    this.presence = new Presence(this);
    this.heartbeat = new Heartbeat(
      this,
      ({ raw }) => ctx.getWebSocketAutoResponseTimestamp(raw)?.getTime() ?? 0,
    );
    this.#book = new ChannelBook(config.namespaces);
    const peers = new Peers(formats, (hub) => {
      this.counters.callsMade += 1;
      return stubOf(hub);
    });
    this.#stubOf = (hub) => withTimeouts(peers.stubOf(hub), callTimeout);
    this.management = new Management(this, ctx.storage);
    this.events = config.events && new Events(this, config.events, new EventStore(ctx.storage), fetch);
    this.reporter = new Reporter(observe(this), targets, Date.now());
    this.outbox = new Outbox({
      store: (now) => this.#store(now),
      durable: () => ctx.storage.sync(),
      send: (session) => this.#send(session),
      call: () => {
        this.homes.flush();
        this.deliveries.send();
        this.events?.send();
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
      if (session.isConnected) this.userCommands.add(session);
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

  /** The stub of another hub. */
  stubOf(hub: string): HubStub {
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

  /** Takes a new socket in. */
  accept(raw: WebSocket, now: number, headers?: KeptHeaders): Session {
    this.counters.connections += 1;
    const session = this.sessions.add(raw, newSessionState(now, headers));
    this.#logConnection("hub.connection_opened", session);
    return session;
  }

  /** Makes sure that the alarm comes in time for a session: its next ping, or whatever of it runs out before. */
  wakeForExpiry(session: Session): void {
    const now = Date.now();
    this.wakeAt(Math.min(this.heartbeat.nextPing(now), this.heartbeat.deadlineOf(session)));
  }

  /** Sets the alarm for the next thing that is due, after it has fired. */
  rearm(now: number): void {
    const due = [
      this.heartbeat.nextBeat(now),
      this.home.look(now),
      this.events?.nextDue(now),
      this.management.trim(now),
    ];
    for (const time of due) if (time !== undefined) this.wakeAt(time);
  }

  /** Whether there is nobody here and nothing is kept. */
  get isIdle(): boolean {
    return (
      this.sessions.size === 0 &&
      this.store.isEmpty() &&
      this.management.isEmpty &&
      (this.events?.isEmpty ?? true)
    );
  }

  /** The channel that the server subscribes this session's user to, where that is configured. */
  personalChannelOf({ state }: Session): string | undefined {
    const { enabled, namespace } = this.config.connection.personalChannel;
    return enabled ? personalChannel(namespace, state.user) : undefined;
  }

  /** Who is subscribed to a channel, on all hubs. Throws when one of them does not answer. */
  members(channel: string, home: string): Promise<Members> {
    return this.presence.ask(channel, home);
  }

  followersOf(channel: string): Iterable<string> {
    return this.home.channel(channel)?.followers.keys() ?? [];
  }

  /** Answers a history command as the home of the channel. */
  historyHere({ channel: name, limit, since, reverse }: HistoryCall): HistoryAnswer {
    const channel = this.home.channel(name);
    if (channel === undefined) return { errorCode: ERRORS.unknownChannel.code };
    const now = Date.now();
    this.home.open(channel, now);
    const { epoch, top: offset } = channel;
    const plan = planHistory({ limit, since, reverse }, { epoch, offset });
    if (plan.kind === "error") return { errorCode: plan.error.code };
    if (plan.kind === "position") return { epoch, offset, publications: [] };
    const { publications } = this.home.read(channel, plan, now);
    return { epoch, offset, publications: reverse ? [...publications].reverse() : publications };
  }

  /** Publishes for another hub, as the home of the channel. */
  submitHere(submission: Submission): Promise<PublishAnswer> {
    this.counters.submissions.add(submission.kind);
    return new Promise((resolve) => {
      const channel = this.home.channel(submission.channel);
      if (channel === undefined) resolve({ errorCode: ERRORS.unknownChannel.code });
      else if (submission.kind === "publication")
        this.home.submit(channel, { ...submission, answer: resolve });
      else {
        this.home.submit(channel, submission);
        resolve({ offset: 0, epoch: "" });
      }
    });
  }

  /** Changes a subscription that a session has. */
  replace(session: Session, subscription: Subscription): void {
    session.subscriptions.set(subscription.channel, subscription);
    this.locals.add(session, subscription);
    session.change();
  }

  /** Opens the way into a channel that is homed here. The session must be let in before anything else happens. */
  openHere(name: string, recovery: Recovering | undefined): Entrance {
    const channel = this.home.channel(name);
    if (channel === undefined) throw new Error("the channel's namespace has gone");
    const now = Date.now();
    this.home.open(channel, now);
    const { epoch, top: offset } = channel;
    const history = recovery && readRecovery(this.home, channel, recovery, now);
    return { epoch, offset, history, enter: () => [], abandon: () => {} };
  }

  /** Queues a publication, or word of a member, wherever the channel is homed. */
  submit(submission: Submission, answer: (answer: PublishAnswer) => void): void {
    const { home } = this.factsOf(submission.channel);
    if (home !== this.name) {
      this.homes.submit(home, submission, answer);
      this.schedule();
      return;
    }
    this.counters.submissions.add(submission.kind);
    const channel = this.home.channel(submission.channel);
    if (channel === undefined) return;
    this.home.submit(channel, submission.kind === "publication" ? { ...submission, answer } : submission);
  }

  /** Tells the members of a channel that one has come or gone. */
  announce(kind: "join" | "leave", session: Session, subscription: Subscription): void {
    if (!subscription.isAnnounced) return;
    const { channel } = subscription;
    this.submit({ kind, channel, info: this.infoOf(session, subscription) }, () => {});
  }

  infoOf({ state }: Session, subscription: Subscription | undefined): string {
    return encodeInfo({
      user: state.user,
      client: state.client,
      connInfo: state.info,
      chanInfo: subscription?.info,
    });
  }

  membersHere(channel: string): Members {
    return (
      this.locals.get(channel)?.members((session, subscription) => this.infoOf(session, subscription)) ?? []
    );
  }

  /** Lets a session into a channel. Word of it goes out after whatever the caller has queued. */
  enter(session: Session, subscription: Subscription): void {
    const { channel } = subscription;
    const isFirst = !this.locals.has(channel);
    session.subscriptions.set(channel, subscription);
    session.change();
    this.locals.add(session, subscription);
    this.events?.joined(session, channel, isFirst);
    this.counters.subscriptions += 1;
    this.announce("join", session, subscription);
  }

  /** Takes a session out of a channel. Returns false when it was not in it. */
  exit(session: Session, channel: string): boolean {
    const subscription = session.subscriptions.get(channel);
    if (subscription === undefined) return false;
    session.subscriptions.delete(channel);
    session.change();
    this.locals.remove(session, channel);
    this.events?.left(session, channel, !this.locals.has(channel));
    this.announce("leave", session, subscription);
    return true;
  }

  /** Takes a closed session out of everything. */
  forget(session: Session): void {
    session.end();
    this.sessions.remove(session);
    for (const channel of [...session.subscriptions.keys()]) this.exit(session, channel);
    this.userCommands.remove(session);
    if (session.state.connected) this.events?.closed(session);
  }

  left(session: Session, { code }: CloseDefinition): void {
    this.counters.disconnects.add(code);
    this.forget(session);
    this.#logConnection("hub.connection_closed", session, code);
  }

  /** The client has closed, or is gone. */
  gone(session: Session, code: number): void {
    this.forget(session);
    this.#logConnection("hub.connection_closed", session, code);
  }

  /** Ends one subscription from this side. */
  unsubscribe(session: Session, subscription: Subscription, why: CloseDefinition): void {
    if (subscription.isServerSide && why.reconnect) {
      // A client does not come back to a server-side subscription by itself.
      session.disconnect(DISCONNECTS.insufficientState);
      return;
    }
    this.counters.unsubscribes.add(why.code);
    this.exit(session, subscription.channel);
    session.push(encodeUnsubscribePush(JSON.stringify(subscription.channel), why));
  }

  endSubscriptions(channel: string, why: CloseDefinition): void {
    const subscribers = this.locals.get(channel)?.subscribers;
    if (subscribers === undefined) return;
    for (const [session, subscription] of [...subscribers]) this.unsubscribe(session, subscription, why);
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
    channel.followers.delete(hub);
    this.store.deleteFollower(channel.name, hub);
  }

  settle(channel: HomeChannel): void {
    this.home.settle(channel);
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

  #send(session: Session): void {
    if (session.isClosed) return;
    try {
      if (session.isChanged) this.sessions.save(session);
      sendFrame(session, this.config.connection.queueSize, (sent) => this.heartbeat.lastSignOf(sent));
    } catch (failure) {
      logFailure("hub.send_failed", failure, { client: session.state.client });
      session.disconnect(DISCONNECTS.serverError);
    }
  }
}
