import { type BackendEvent, EVENT_KINDS } from "../../../src/channels/backend-event.ts";
import type { EventSettings } from "../../../src/config/events.ts";
import type { Backend } from "../fetched-backend.ts";
import { sign } from "../hub-config.ts";
import { until } from "../until.ts";
import { TestHub } from "./test-hub.ts";

export const OK = () => new Response(null, { status: 204 });

/** A hub that tells the backend of a test what happens. */
export function telling(backend: Backend, settings: Partial<EventSettings> = {}, name?: string): TestHub {
  const events = { webhook: `${backend.address}/events`, kinds: EVENT_KINDS, ...settings };
  return new TestHub({ ...(name === undefined ? {} : { name }), config: { events } });
}

export const eventsOf = (backend: Backend) =>
  backend.bodies("/events").flatMap(({ events }) => events as BackendEvent[]);
export const kindsOf = (backend: Backend) => eventsOf(backend).map(({ kind }) => kind);
export const untilTold = (backend: Backend, count: number) => until(() => eventsOf(backend).length >= count);
export const ann = async () => ({ token: await sign({ sub: "ann" }) });
