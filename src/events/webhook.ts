import type { EventBatch } from "../channels/backend-event.ts";
import type { EventConfig } from "../config/events.ts";
import { BackendFailure, type Fetch, post } from "../proxy/request.ts";
import { EVENT_LIMITS, PROXY_LIMITS } from "../shared/limits.ts";
import { withTimeout } from "../shared/timeout.ts";

/**
 * Posts events to the webhook, signed where there is a secret.
 *
 * @throws BackendFailure for anything but a status from 200 to 299: the events must be delivered again.
 */
export async function postEvents(config: EventConfig, { events }: EventBatch, fetch: Fetch): Promise<void> {
  const { address, secret } = config;
  const { status } = await post(
    {
      address,
      body: JSON.stringify({ events }),
      headers: [],
      secret,
      timeout: EVENT_LIMITS.timeout,
      answerSize: PROXY_LIMITS.answerSize,
    },
    fetch,
  );
  if (status < 200 || status > 299) throw new BackendFailure(`the webhook answered with status ${status}`);
}

/**
 * Hands events over: to the queue where one is bound, otherwise to the webhook.
 *
 * @throws Error when they were not taken in time: they must be delivered again.
 */
export async function handOver(config: EventConfig, batch: EventBatch, fetch: Fetch): Promise<void> {
  if (config.queue === undefined) await postEvents(config, batch, fetch);
  else await withTimeout(config.queue.send(batch), EVENT_LIMITS.timeout);
}
