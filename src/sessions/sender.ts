import { DISCONNECTS } from "../shared/codes.ts";
import { HUB_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import { TotalBackpressure } from "../websocket/total-backpressure.ts";
import type { Connections } from "./connection.ts";
import { logFieldsOf } from "./log-fields.ts";
import { decideOutputBacklog, outputBacklogLimit } from "./output-backlog.ts";
import type { Session } from "./session.ts";

/** What sending needs of its hub. */
export interface HubOfSender {
  readonly sessions: { save(session: Session): void };
  readonly heartbeat: { lastSignOf(session: Session): number };
  readonly config: { readonly connection: { readonly queueSize: number } };
}

/** Sends sessions what is queued for them, unless their clients are too slow for it. */
export class Sender {
  readonly #hub: HubOfSender;
  readonly #backpressure: TotalBackpressure;

  constructor(hub: HubOfSender, { sinks }: Pick<Connections, "sinks">) {
    this.#hub = hub;
    this.#backpressure = new TotalBackpressure(HUB_LIMITS.backpressure, sinks);
  }

  /** Saves what has changed of a session, and sends what is queued for it. Returns how many characters went out. */
  send(session: Session): number {
    if (session.isClosed) return 0;
    try {
      if (session.isChanged) this.#hub.sessions.save(session);
      const length = this.#sendFrames(session);
      this.#backpressure.add(length);
      return length;
    } catch (failure) {
      logFailure("hub.send_failed", failure, logFieldsOf(session));
      session.disconnect(DISCONNECTS.serverError);
      return 0;
    }
  }

  #sendFrames(session: Session): number {
    const { queueSize } = this.#hub.config.connection;
    const limit = this.#backpressure.limitOf(outputBacklogLimit(queueSize, session.replied));
    // The answer to a probe does not wake the object: whether it came is asked when it matters.
    if (session.outputBacklog > limit) session.noteSign(this.#hub.heartbeat.lastSignOf(session));
    const buffered = session.connection.buffered;
    const verdict = decideOutputBacklog(buffered, session.outputBacklog, limit);
    if (verdict === "close") {
      session.discard();
      session.disconnect(DISCONNECTS.slow);
      return 0;
    }
    if (verdict === "probe" && !session.isProbed) {
      session.isProbed = true;
      session.ping();
    }
    if (buffered !== undefined && buffered <= queueSize) session.replied = 0;
    return session.flush();
  }
}
