import { isKnown, type WireVersions } from "../../../src/hub-rpc/wire-versions.ts";
import type { HubOfSession } from "../../../src/sessions/hub-of-session.ts";
import { type Phase, Session } from "../../../src/sessions/session.ts";
import {
  decodeSessionState,
  encodeSessionState,
  type SessionAttachment,
  type SessionState,
} from "../../../src/sessions/state.ts";
import { attachedSize } from "../../../src/shared/attached-size.ts";
import { DISCONNECTS } from "../../../src/shared/codes.ts";
import { SESSION_LIMITS } from "../../../src/shared/limits.ts";
import { logFailure } from "../../../src/shared/log.ts";
import { closeQuietly } from "../../../src/websocket/close-quietly.ts";
import type { SqlStreamStore } from "./stream-store.ts";

const OPEN = 1;
const NOBODY: ReadonlySet<Session> = new Set();

/** The sessions of a hub: in memory while it is awake, in attachments and rows while it sleeps. */
export class Sessions {
  readonly #ctx: DurableObjectState;
  readonly #store: SqlStreamStore;
  readonly #hub: HubOfSession;
  readonly #wireVersions: WireVersions;
  readonly #sessions = new Map<WebSocket, Session>();
  readonly #unconnected = new Set<Session>();
  readonly #ofUsers = new Map<string, Set<Session>>();
  /** Sockets that were closed from here. The runtime holds them until their clients answer, or their TCP ends. */
  readonly #closing = new Set<WebSocket>();
  #stateLength = 0;
  #isAwake = false;

  constructor(ctx: DurableObjectState, store: SqlStreamStore, hub: HubOfSession, wireVersions: WireVersions) {
    this.#ctx = ctx;
    this.#store = store;
    this.#hub = hub;
    this.#wireVersions = wireVersions;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Characters of what is known of them, as it was last saved. */
  get stateLength(): number {
    return this.#stateLength;
  }

  /** How many sessions have not connected yet, or were refused. */
  get unconnected(): number {
    return this.#unconnected.size;
  }

  /** How many sockets the runtime holds. Counted here, since asking it for them makes an object of each. */
  get held(): number {
    return this.#sessions.size + this.#closing.size;
  }

  get isAwake(): boolean {
    return this.#isAwake;
  }

  [Symbol.iterator](): IterableIterator<Session> {
    return this.#sessions.values();
  }

  of(raw: WebSocket): Session | undefined {
    return this.#sessions.get(raw);
  }

  /** Reads every session back after sleep. Returns them. */
  wake(): Session[] {
    this.#isAwake = true;
    const woken: Session[] = [];
    for (const raw of this.#ctx.getWebSockets()) {
      if (this.#sessions.has(raw)) continue;
      const session = raw.readyState === OPEN ? this.recall(raw) : undefined;
      if (session === undefined) {
        if (raw.readyState === OPEN) closeQuietly(raw, DISCONNECTS.shutdown);
        this.closing(raw);
        continue;
      }
      this.#sessions.set(raw, session);
      this.#stateLength += session.stateLength;
      if (!session.isConnected) this.#unconnected.add(session);
      this.identify(session, session.state.user);
      woken.push(session);
    }
    return woken;
  }

  /** Notes whose a session is. The user "" is everybody who is anonymous, so nobody. */
  identify(session: Session, user: string): void {
    session.state.user = user;
    if (user === "") return;
    const sessions = this.#ofUsers.get(user) ?? new Set();
    this.#ofUsers.set(user, sessions.add(session));
  }

  /** The sessions of a user that have not ended. */
  ofUser(user: string): ReadonlySet<Session> {
    return this.#ofUsers.get(user) ?? NOBODY;
  }

  /** The users that have connections here. */
  get users(): IterableIterator<string> {
    return this.#ofUsers.keys();
  }

  /** How many connections a user has here, or is about to have. */
  countOf(user: string): number {
    let count = 0;
    for (const { phase } of this.ofUser(user)) if (phase !== "refused") count += 1;
    return count;
  }

  /** Takes in a new socket. */
  add(raw: WebSocket, state: SessionState): Session {
    const session = new Session(this.#hub, raw, state, "new");
    this.#sessions.set(raw, session);
    this.#unconnected.add(session);
    this.save(session);
    return session;
  }

  /** Notes that a session has connected. */
  connected(session: Session): void {
    this.#unconnected.delete(session);
  }

  /** Notes that a socket was closed from here. */
  closing(raw: WebSocket): void {
    this.#closing.add(raw);
  }

  /** Notes that the runtime lets go of a socket. */
  letGo(raw: WebSocket): void {
    this.#closing.delete(raw);
  }

  /** Reads the session of one socket back; undefined when it was forgotten, or cannot be read: no other one may suffer from that. */
  recall(raw: WebSocket): Session | undefined {
    try {
      return this.#read(raw);
    } catch (failure) {
      logFailure("hub.session_unreadable", failure);
      return undefined;
    }
  }

  remove(session: Session): void {
    if (this.#sessions.delete(session.raw)) this.#stateLength -= session.stateLength;
    this.#unconnected.delete(session);
    const { user } = session.state;
    const sessions = this.#ofUsers.get(user);
    if (sessions?.delete(session) && sessions.size === 0) this.#ofUsers.delete(user);
    session.raw.serializeAttachment(null);
    if (session.isStored) this.#store.deleteSessionState(session.state.client);
  }

  /** Writes what must survive sleep: into the attachment, or a row where it does not fit. */
  save(session: Session): void {
    session.isChanged = false;
    const { client } = session.state;
    const version = this.#wireVersions.current;
    const state = encodeSessionState(session.state, session.subscriptions.values());
    const text = this.#wireVersions.write("state", state, version);
    const isStored = attachedSize(text) > SESSION_LIMITS.attachedState;
    if (isStored) this.#store.saveSessionState(client, text);
    else if (session.isStored) this.#store.deleteSessionState(client);
    session.isStored = isStored;
    this.#stateLength += text.length - session.stateLength;
    session.stateLength = text.length;
    const attached = isStored ? undefined : text;
    session.raw.serializeAttachment({ version, client, state: attached } satisfies SessionAttachment);
  }

  /** Deletes the rows of sessions whose sockets are gone: the object was reset before it could. */
  sweep(): void {
    const clients = new Set(Array.from(this.#sessions.values(), ({ state }) => state.client));
    for (const id of this.#store.storedSessions()) if (!clients.has(id)) this.#store.deleteSessionState(id);
  }

  #read(raw: WebSocket): Session | undefined {
    const attachment = raw.deserializeAttachment() as SessionAttachment | null;
    if (attachment === null) return undefined;
    const isStored = attachment.state === undefined;
    const { state: text, version } = isStored
      ? (this.#store.sessionState(attachment.client) ?? {})
      : attachment;
    if (text === undefined || version === undefined || !isKnown(this.#wireVersions, version))
      return undefined;
    const { state, subscriptions } = decodeSessionState(this.#wireVersions.read("state", text, version));
    const session = new Session(this.#hub, raw, state, phaseOf(state));
    for (const subscription of subscriptions) session.addSubscription(subscription);
    session.isStored = isStored;
    session.stateLength = text.length;
    return session;
  }
}

function phaseOf({ connected, refused }: SessionState): Phase {
  if (connected) return "connected";
  return refused ? "refused" : "new";
}
