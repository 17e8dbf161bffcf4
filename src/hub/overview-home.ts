import type { TokenVerifier } from "../auth/tokens.ts";
import { OVERVIEW_CHANNEL } from "../channels/overview.ts";
import type { ResolvedConfig } from "../config/config.ts";
import type { OverviewStub } from "../overview/stub.ts";
import { wirePublication } from "../protocol/wire-publication.ts";
import { logFieldsOf } from "../sessions/log-fields.ts";
import type { Session } from "../sessions/session.ts";
import { DISCONNECTS } from "../shared/codes.ts";
import { HUB_LIMITS } from "../shared/limits.ts";
import { logEvent, logFailure } from "../shared/log.ts";
import { withTimeout } from "../shared/timeout.ts";

/** What the hub that holds open overviews has, and no other. */
export interface OverviewPlatform {
  /** Takes the tokens of operators in the place of connection tokens. */
  readonly tokens: TokenVerifier;
  /** Undefined: there is none. */
  readonly directory: Pick<OverviewStub, "watch"> | undefined;
}

/** Who connects there shows an operator's token: no hook and no backend is asked about it, or told of it. */
export function overviewConfig(config: ResolvedConfig): ResolvedConfig {
  return {
    ...config,
    connection: {
      ...config.connection,
      allowAnonymous: false,
      insecure: false,
      personalChannel: { enabled: false, namespace: "" },
    },
    hooks: {},
    proxy: undefined,
    events: undefined,
  };
}

/** The connections of open overviews. Each is pushed the snapshot first, and then what the directory publishes. */
export class OpenOverviews {
  readonly #directory: OverviewPlatform["directory"];

  constructor({ directory }: OverviewPlatform) {
    this.#directory = directory;
  }

  /** A connection has been answered: the snapshot follows as a publication. */
  connected(session: Session): void {
    void this.#show(session);
  }

  async #show(session: Session): Promise<void> {
    if (this.#directory === undefined) {
      logEvent("hub.overview_refused", { ...logFieldsOf(session), why: "operations.directory is off" });
      session.disconnect(DISCONNECTS.notAvailable);
      return;
    }
    try {
      const snapshot = await withTimeout(this.#directory.watch(), HUB_LIMITS.callTimeout);
      const data = JSON.stringify(snapshot);
      const publication = wirePublication({ data, info: undefined, tags: undefined }, 0);
      session.push({ kind: "publication", channel: OVERVIEW_CHANNEL, publication });
    } catch (failure) {
      logFailure("hub.overview_failed", failure, logFieldsOf(session));
      session.disconnect(DISCONNECTS.serverError);
    }
  }
}
