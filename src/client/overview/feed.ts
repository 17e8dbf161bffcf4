/** What the gateway pushes to an open overview: a snapshot, and then what changes. It comes over its own socket. */

import { Centrifuge, UnauthorizedError } from "centrifuge";
import { OVERVIEW_CHANNEL, OVERVIEW_ENDPOINT, type OverviewMessage } from "../../overview/messages.ts";
import { socketUrl } from "../gateway-base.ts";
import { ownGateway } from "../own-gateway.ts";
import type { ApiOutcome } from "./api-answer.ts";

export type FeedState =
  | { readonly name: "connecting" | "live" }
  /** It does not come back by itself. The code is that of an error, or of a close. */
  | { readonly name: "ended"; readonly code: number; readonly reason: string };

export interface FeedListener {
  changed(state: FeedState): void;
  message(message: OverviewMessage): void;
}

/** Longer than the 5 s of the SDK, for a busy machine. */
const ANSWER_MS = 30_000;

/**
 * Opens the overview.
 *
 * @param token is asked for at each connect, and before a token ends.
 * @returns what closes it.
 */
export function openFeed(token: () => Promise<ApiOutcome<string>>, listener: FeedListener): () => void {
  const client = new Centrifuge(socketUrl(ownGateway, OVERVIEW_ENDPOINT.slice(1)), {
    timeout: ANSWER_MS,
    async getToken() {
      const outcome = await token();
      if ("result" in outcome) return outcome.result;
      if (outcome.failure.status === 401) throw new UnauthorizedError(outcome.failure.message);
      throw new Error(outcome.failure.message);
    },
  });
  client.on("connecting", () => listener.changed({ name: "connecting" }));
  client.on("connected", () => listener.changed({ name: "live" }));
  client.on("disconnected", ({ code, reason }) => listener.changed({ name: "ended", code, reason }));
  client.on("publication", ({ channel, data }) => {
    if (channel === OVERVIEW_CHANNEL) listener.message(data as OverviewMessage);
  });
  client.connect();
  return () => {
    client.removeAllListeners();
    client.disconnect();
  };
}
