import type { EventBatch } from "../channels/backend-event.ts";
import type { EventConfig } from "../config/events.ts";
import { logFailure } from "../shared/log.ts";
import { partsOf } from "./event-parts.ts";
import { delayAfter } from "./retry.ts";
import { postEvents } from "./webhook.ts";

/** The part of the platform's batch that the consumer uses. */
export interface QueuedEvents {
  readonly messages: readonly { readonly body: unknown; readonly attempts: number }[];
  ackAll(): void;
  retryAll(options: { readonly delaySeconds: number }): void;
}

/**
 * The consumer of the queue with events: posts them to the webhook in as few requests as possible, and gives them back
 * to the queue when that fails.
 */
export function createEventConsumer(
  settings: EventConfig | undefined,
): (batch: QueuedEvents) => Promise<void> {
  return async (batch) => {
    if (settings === undefined) {
      batch.ackAll();
      return;
    }
    const events = batch.messages.flatMap(({ body }) => (body as EventBatch).events);
    try {
      for (const part of partsOf(events)) await postEvents(settings, { events: part }, fetch);
      batch.ackAll();
    } catch (failure) {
      logFailure("events.delivery_failed", failure, { events: events.length });
      batch.retryAll({
        delaySeconds: delayAfter(Math.max(...batch.messages.map(({ attempts }) => attempts))) / 1000,
      });
    }
  };
}
