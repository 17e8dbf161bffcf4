import { isKnown, type StoredVersions } from "../hub-rpc/wire-versions.ts";
import { attachedSize } from "../shared/attached-size.ts";
import { DISCONNECTS } from "../shared/codes.ts";
import { SESSION_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import type { Connection, Connections } from "./connection.ts";
import type { HubOfSession } from "./hub-of-session.ts";
import { type Phase, Session } from "./session.ts";
import type { SessionStore } from "./session-store.ts";
import { decodeSessionState, encodeSessionState, type SessionState } from "./state.ts";

const NOBODY: ReadonlySet<Session> = new Set();

/** The sessions of a hub: in memory while it is awake, with their connections and in rows while it sleeps. */
export class Sessions {
  readonly #hub: HubOfSession;
  readonly #connections: Connections;
  readonly #store: SessionStore;
  readonly #versions: StoredVersions;
  readonly #sessions = new Map<Connection, Session>();
  readonly #unconnected = new Set<Session>();
  readonly #ofUsers = new Map<string, Set<Session>>();
  #stateLength = 0;
  #isAwake = false;

  constructor(hub: HubOfSession, connections: Connections, store: SessionStore, versions: StoredVersions) {
    this.#hub = hub;
    this.#connections = connections;
    this.#store = store;
    this.#versions = versions;
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

  get isAwake(): boolean {
    return this.#isAwake;
  }

  [Symbol.iterator](): IterableIterator<Session> {
    return this.#sessions.values();
  }

  of(connection: Connection): Session | undefined {
    return this.#sessions.get(connection);
  }

  /** Reads every session back after sleep. Returns them. */
  wake(): Session[] {
    this.#isAwake = true;
    const woken: Session[] = [];
    for (const connection of this.#connections.open()) {
      const session = this.recall(connection);
      if (session === undefined) {
        connection.close(DISCONNECTS.shutdown);
        continue;
      }
      this.#sessions.set(connection, session);
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

  /** Takes in a new connection. */
  add(connection: Connection, state: SessionState): Session {
    const session = new Session(this.#hub, connection, state, "new");
    session.trail.open();
    this.#sessions.set(connection, session);
    this.#unconnected.add(session);
    this.save(session);
    return session;
  }

  /** Notes that a session has connected. */
  connected(session: Session): void {
    this.#unconnected.delete(session);
  }

  /** Reads the session of one connection back; undefined when it was forgotten, or cannot be read: no other one may suffer from that. */
  recall(connection: Connection): Session | undefined {
    try {
      return this.#read(connection);
    } catch (failure) {
      logFailure("hub.session_unreadable", failure);
      return undefined;
    }
  }

  remove(session: Session): void {
    if (this.#sessions.delete(session.connection)) this.#stateLength -= session.stateLength;
    this.#unconnected.delete(session);
    const { user } = session.state;
    const sessions = this.#ofUsers.get(user);
    if (sessions?.delete(session) && sessions.size === 0) this.#ofUsers.delete(user);
    session.connection.remember(undefined);
    if (session.isStored) this.#store.deleteSessionState(session.state.client);
  }

  /** Writes what must survive sleep: with the connection, or into a row where it does not fit. */
  save(session: Session): void {
    session.isChanged = false;
    const { client, encoding } = session.state;
    const version = encoding === "json" ? this.#versions.json : this.#versions.current;
    const state = encodeSessionState(session.state, session.subscriptions.values());
    const text = this.#versions.write("state", state, version);
    const isStored = attachedSize(text) > SESSION_LIMITS.attachedState;
    if (isStored) this.#store.saveSessionState(client, { state: text, version });
    else if (session.isStored) this.#store.deleteSessionState(client);
    session.isStored = isStored;
    this.#stateLength += text.length - session.stateLength;
    session.stateLength = text.length;
    const attached = isStored ? undefined : text;
    session.connection.remember({ version, client, state: attached });
  }

  /** Deletes the rows of sessions whose connections are gone: the object was reset before it could. */
  sweep(): void {
    const clients = new Set(Array.from(this.#sessions.values(), ({ state }) => state.client));
    for (const id of this.#store.storedSessions()) if (!clients.has(id)) this.#store.deleteSessionState(id);
  }

  #read(connection: Connection): Session | undefined {
    const attachment = connection.recall();
    if (attachment === undefined) return undefined;
    const isStored = attachment.state === undefined;
    const { state: text, version } = isStored
      ? (this.#store.sessionState(attachment.client) ?? {})
      : attachment;
    if (text === undefined || version === undefined || !isKnown(this.#versions, version)) return undefined;
    const { state, subscriptions } = decodeSessionState(this.#versions.read("state", text, version));
    const session = new Session(this.#hub, connection, state, phaseOf(state));
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
