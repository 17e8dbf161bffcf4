import type { OperationsConfig } from "../config/operations.ts";
import { logFieldsOf } from "../sessions/log-fields.ts";
import type { Session } from "../sessions/session.ts";
import { logEvent } from "../shared/log.ts";
import type { Recorder } from "../trace/recorder.ts";
import { StoryLog } from "../trace/story-log.ts";

/** What the log of connections needs of its hub. */
export interface HubOfConnectionLog {
  readonly name: string;
  readonly config: { readonly operations: Pick<OperationsConfig, "logsConnections" | "storyCodes"> };
  readonly recorder: Recorder<Session>;
}

/** Logs that connections open and close, where that is asked for, and what those did that end badly. */
export class ConnectionLog {
  readonly #hub: HubOfConnectionLog;
  readonly #stories: StoryLog;

  constructor(hub: HubOfConnectionLog) {
    this.#hub = hub;
    this.#stories = new StoryLog("hub.client_story", hub.config.operations.storyCodes, Date.now());
  }

  opened(session: Session): void {
    this.#log("hub.connection_opened", session);
  }

  closed(session: Session, code: number): void {
    const { trail } = session;
    this.#log("hub.connection_closed", session, code);
    trail.close(code);
    this.#stories.note(this.#hub.recorder, trail, code, { hub: this.#hub.name, ...logFieldsOf(session) });
  }

  #log(event: string, session: Session, code?: number): void {
    const { name: hub, config } = this.#hub;
    if (config.operations.logsConnections) logEvent(event, { hub, ...logFieldsOf(session), code });
  }
}
