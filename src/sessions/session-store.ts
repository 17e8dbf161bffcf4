/** The state of a session, in the form of a version. */
export interface StoredSession {
  readonly state: string;
  readonly version: number;
}

/** Where a hub keeps what a connection cannot remember, because it is too large. */
export interface SessionStore {
  /** What is kept of a session, and the version of its form. */
  sessionState(id: string): StoredSession | undefined;
  saveSessionState(id: string, session: StoredSession): void;
  deleteSessionState(id: string): void;
  /** The sessions of which something is kept. */
  storedSessions(): string[];
}
