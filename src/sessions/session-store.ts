/** Where a hub keeps what a connection cannot remember, because it is too large. */
export interface SessionStore {
  /** What is kept of a session, and the version of its form. */
  sessionState(id: string): { readonly state: string; readonly version: number } | undefined;
  saveSessionState(id: string, state: string): void;
  deleteSessionState(id: string): void;
  /** The sessions of which something is kept. */
  storedSessions(): string[];
}
