import type { WirePublication } from "../protocol/messages.ts";
import { readPublication } from "../protocol/wire-publication.ts";
import type { Session } from "../sessions/session.ts";
import type { Sessions } from "../sessions/sessions.ts";
import { TRACE_LIMITS } from "../shared/limits.ts";
import type { LocalChannels, PublicationWatcher } from "../streams/local-channels.ts";
import { TRACE_VERSION, type TraceAnswer, type TraceCall } from "../trace/call.ts";
import { eventLine } from "../trace/event-line.ts";
import { TraceFeed } from "../trace/feed.ts";
import type { RecordedEvent, TraceTarget } from "../trace/messages.ts";
import type { EventWatcher, Recorder } from "../trace/recorder.ts";

/** What traces need of the hub. */
export interface HubOfTraces {
  readonly name: string;
  readonly sessions: Pick<Sessions, "ofUser"> & Iterable<Session>;
  readonly recorder: Recorder<Session>;
  readonly locals: Pick<LocalChannels, "watcher">;
}

/** A trace that runs here. */
interface Running {
  readonly target: TraceTarget;
  /** The session of a traced client. */
  readonly session: Session | undefined;
  readonly payloads: boolean;
  readonly feed: TraceFeed;
}

/** The traces that run at a hub. What they do not ask for leaves it not, and while there are none, they cost nothing. */
export class Traces implements EventWatcher<Session>, PublicationWatcher {
  readonly #hub: HubOfTraces;
  readonly #running = new Set<Running>();

  constructor(hub: HubOfTraces) {
    this.#hub = hub;
  }

  start({ version, target, payloads, rate, until }: TraceCall): TraceAnswer {
    if (version !== TRACE_VERSION) throw new Error(`traces of version ${version} are not known here`);
    const { name: hub } = this.#hub;
    const session = target.client === undefined ? undefined : this.#sessionOf(target.client);
    // First: who searches a client asks many hubs, and a busy one would end the search.
    if (target.client !== undefined && session === undefined) return { refused: "absent" };
    if (this.#running.size >= TRACE_LIMITS.traces) return { refused: "busy" };
    const feed = new TraceFeed({ hub, rate, onEnd: () => this.#ended(running, timer) });
    const running: Running = { target, session, payloads, feed };
    const timer = setInterval(() => {
      if (Date.now() < until) feed.probe();
      else feed.end("time");
    }, TRACE_LIMITS.probeInterval);
    this.#running.add(running);
    if (session) this.#tellStory(running, session);
    this.#hub.recorder.watcher = this;
    this.#hub.locals.watcher = this;
    return { lines: feed.lines };
  }

  noted(session: Session, event: RecordedEvent, payload: unknown): void {
    for (const running of this.#running) {
      if (!concerns(running.target, session, event)) continue;
      this.#tell(running, event, session, payload);
      if (event.event === "close" && running.target.client !== undefined) running.feed.end("client_gone");
    }
  }

  published(channel: string, publications: readonly WirePublication[], subscribers: number): void {
    for (const running of this.#running) {
      if (running.target.channel === channel)
        for (const publication of publications)
          this.#tellPublication(running, channel, publication, { subscribers });
      for (const session of this.#sessionsOf(running)) {
        if (!session.subscriptions.has(channel)) continue;
        for (const publication of publications)
          this.#tellPublication(running, channel, publication, whoIs(session));
      }
    }
  }

  #tell({ feed, payloads, target }: Running, event: RecordedEvent, session: Session, payload: unknown): void {
    const { name: hub } = this.#hub;
    // That a subscriber has gone is told of its channel, and of no other.
    const { channel } = target;
    feed.tell(() =>
      eventLine(
        { ...event, ...(channel !== undefined && { channel }), hub, ...whoIs(session) },
        payloads ? payload : undefined,
      ),
    );
  }

  #tellPublication(
    { feed, payloads }: Running,
    channel: string,
    publication: WirePublication,
    who: { readonly subscribers: number } | ReturnType<typeof whoIs>,
  ): void {
    feed.tell(() => {
      const { data, offset, info } = readPublication(publication);
      const place = { ...(offset > 0 && { offset }), ...(info && { from: info.client }) };
      const event = { at: Date.now(), event: "publication", channel, ...place, hub: this.#hub.name } as const;
      return eventLine({ ...event, ...who }, payloads ? data : undefined);
    });
  }

  /** What the recorder knows of the client already. Payloads are not among it. */
  #tellStory(running: Running, session: Session): void {
    const { events } = this.#hub.recorder.story(session.trail, () => true);
    for (const event of events) this.#tell(running, event, session, undefined);
  }

  #sessionOf(client: string): Session | undefined {
    for (const session of this.#hub.sessions) if (session.state.client === client) return session;
    return undefined;
  }

  /** The sessions whose publications are told one by one. */
  #sessionsOf({ target: { user }, session }: Running): Iterable<Session> {
    if (user !== undefined) return this.#hub.sessions.ofUser(user);
    return session ? [session] : [];
  }

  #ended(running: Running, timer: ReturnType<typeof setInterval>): void {
    clearInterval(timer);
    this.#running.delete(running);
    if (this.#running.size > 0) return;
    this.#hub.recorder.watcher = undefined;
    this.#hub.locals.watcher = undefined;
  }
}

/** Whether an event belongs to a trace. */
function concerns({ client, user, channel }: TraceTarget, session: Session, event: RecordedEvent): boolean {
  const { state, subscriptions } = session;
  if (client !== undefined) return state.client === client;
  if (user !== undefined) return state.user === user;
  if (channel === undefined) return false;
  return event.event === "close" ? subscriptions.has(channel) : event.channel === channel;
}

function whoIs({ state: { client, user } }: Session): { readonly client: string; readonly user?: string } {
  return { client, ...(user !== "" && { user }) };
}
