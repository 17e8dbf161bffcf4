import { expect, test } from "vitest";
import { SqlEventStore } from "../../../durable-objects/hub/storage/event-store.ts";
import type { BackendEvent } from "../../../src/channels/backend-event.ts";
import { TestHub } from "../../support/node/test-hub.ts";

/** Many events, of users whose names have so many characters. */
const eventsOf = (nameLength: number) =>
  Array.from(
    { length: 250 },
    (_, sequence): BackendEvent => ({
      ...{ id: `${sequence}`, kind: "member.joined", time: 1, sequence },
      ...{ channel: "chat:a", client: "client", user: "u".repeat(nameLength) },
    }),
  );

const pairs = (events: BackendEvent[]) =>
  events.flatMap((_, index) => (index % 2 === 0 ? [events.slice(index, index + 2)] : []));

const [short, long] = [eventsOf(1), eventsOf(400)];

test.each<[string, BackendEvent[][]]>([
  ["short ones at once", [short]],
  ["short ones in pairs", pairs(short)],
  ["long ones at once", [long]],
  ["long ones in pairs", pairs(long)],
])(
  "EVENT-14: at most 100 events and 32,000 characters are delivered at a time, in order: %s",
  async (_, flushes) => {
    const deliveries = await new TestHub().inside(({ storage }) => {
      const store = new SqlEventStore(storage);
      store.transaction(() => {
        for (const flush of flushes) store.append(flush, 1);
      });
      const taken: BackendEvent[][] = [];
      for (let next = store.waiting(); next; next = store.waiting()) {
        taken.push([...next.events]);
        store.delivered(next.ids);
      }
      return taken;
    });
    expect(deliveries.flat()).toEqual(flushes.flat());
    for (const delivery of deliveries) {
      const characters = delivery.reduce((sum, event) => sum + JSON.stringify(event).length, 0);
      expect(characters).toBeLessThanOrEqual(32_000);
      expect(delivery.length).toBeLessThanOrEqual(100);
    }
  },
);
