import type { FlushSteps } from "../sessions/outbox.ts";
import type { Sender } from "../sessions/sender.ts";
import { logFailure } from "../shared/log.ts";
import type { Platform } from "./platform.ts";
import type { Wiring } from "./wiring.ts";

/** What a hub's outbox does with a tick: store, send, call other hubs. */
export function flushStepsOf(
  hub: Wiring,
  platform: Pick<Platform, "sync" | "abort">,
  sender: Sender,
): FlushSteps {
  const { counters } = hub;
  let hasWritten = false;
  return {
    store(now) {
      counters.deliveries.flushing();
      const hasPublished = hub.home.flush(now);
      const hasNoted = hub.events?.flush(now) ?? false;
      hasWritten = hasPublished || hasNoted;
      return hasWritten;
    },
    async durable() {
      await platform.sync();
      counters.deliveries.sent(Date.now());
    },
    send: (session) => sender.send(session),
    call() {
      const now = Date.now();
      if (!hasWritten) counters.deliveries.sent(now);
      hub.homes.flush();
      hub.deliveries.send();
      hub.events?.send();
      hub.presence.flushed(now);
      counters.flushes += 1;
      hub.reporter.flushed(now);
    },
    fail(failure) {
      logFailure("hub.flush_failed", failure, { hub: hub.name });
      platform.abort("a flush has failed");
    },
  };
}
