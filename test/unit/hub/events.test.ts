import { describe, expect, test } from "vitest";
import type { EventKind } from "../../../src/channels/backend-event.ts";
import { verify } from "../../../src/proxy/signature.ts";
import { stopClock } from "../../support/clock.ts";
import { Backend } from "../../support/fetched-backend.ts";
import { testSecrets } from "../../support/hub-config.ts";
import { ann, eventsOf, kindsOf, OK, telling, untilTold } from "../../support/node/telling-hub.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import { until } from "../../support/until.ts";

const SHARED = "a secret that both sides share, long enough";

describe("what a backend is told", () => {
  test("EVENT-01 EVENT-02: who comes and goes, with ids, times and growing numbers", async () => {
    const backend = new Backend(OK);
    const channel = `open:${crypto.randomUUID()}`;
    const hub = telling(backend, {}, `home/${channel}`);
    const { client, connect } = await hub.connected(await ann());
    await client.subscribe(channel);
    await client.ask("unsubscribe", { channel });
    await client.subscribe(channel);
    await untilTold(backend, 7);
    await client.close(1000, "bye");
    await untilTold(backend, 10);
    const events = eventsOf(backend);
    const member = { channel, client: connect.client, user: "ann" };
    const expected = [
      { kind: "connection.opened", client: connect.client, user: "ann" },
      { kind: "member.joined", ...member },
      { kind: "channel.occupied", channel },
      { kind: "member.left", ...member },
      { kind: "channel.vacated", channel },
      { kind: "member.joined", ...member },
      { kind: "channel.occupied", channel },
      { kind: "member.left", ...member },
      { kind: "connection.closed", client: connect.client, user: "ann", code: 1000 },
      { kind: "channel.vacated", channel },
    ];
    expect(events).toHaveLength(expected.length);
    for (const about of expected)
      expect(events).toContainEqual({
        id: expect.any(String),
        time: expect.any(Number),
        sequence: expect.any(Number),
        ...about,
      });
    for (const prefix of ["channel.", ""]) {
      const numbers = events
        .filter(({ kind }) => kind.startsWith("channel.") === (prefix !== ""))
        .map(({ sequence }) => sequence);
      expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
    }
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });

  test("EVENT-13: an end by the gateway is told with its code", async () => {
    const backend = new Backend(OK);
    const hub = telling(backend, { kinds: ["connection.closed"] });
    const client = await hub.connect(await ann());
    client.send({ connect: {} });
    expect((await client.closed).code).toBe(3501);
    await untilTold(backend, 1);
    expect(eventsOf(backend)[0]).toMatchObject({ kind: "connection.closed", user: "ann", code: 3501 });
  });

  test("EVENT-01: only the kinds and namespaces that are named", async () => {
    const backend = new Backend(OK);
    const hub = telling(backend, { kinds: ["member.joined", "connection.closed"], namespaces: ["keep"] });
    const client = await hub.connect();
    await client.subscribe("open:a");
    await client.subscribe("keep:a");
    await client.close();
    await untilTold(backend, 2);
    expect(kindsOf(backend)).toEqual(["member.joined", "connection.closed"]);
    expect(eventsOf(backend)[0]?.channel).toBe("keep:a");
  });

  test("EVENT-03: without events nothing is stored, and nothing is sent", async () => {
    const backend = new Backend(OK);
    const hub = new TestHub();
    const client = await hub.connect();
    await client.subscribe("open:a");
    await client.close();
    await hub.untilEmpty();
    expect(await hub.tables()).toEqual([]);
    expect(backend.asked).toEqual([]);
  });

  test("EVENT-04: a channel is occupied from its first subscriber on all hubs to its last", async () => {
    const backend = new Backend(OK);
    const channel = `open:${crypto.randomUUID()}`;
    const kinds: EventKind[] = ["channel.occupied", "channel.vacated"];
    const home = telling(backend, { kinds }, `home/${channel}`);
    const [here, there] = [telling(backend, { kinds }), telling(backend, { kinds })];
    const clients = await Promise.all([home, here, there].map((hub) => hub.connect()));
    for (const client of clients) await client.subscribe(channel);
    await untilTold(backend, 1);
    await home.sleep();
    for (const client of clients) await client.ask("unsubscribe", { channel });
    await untilTold(backend, 2);
    expect(kindsOf(backend)).toEqual(kinds);
    const [occupied, vacated] = eventsOf(backend);
    expect(vacated?.sequence).toBeGreaterThan(occupied?.sequence ?? 0);
    await until(async () => (await home.rows("event_batches")).length === 0);
  });

  test("EVENT-02 EVENT-04: numbers grow, and a channel is vacated, though the hub wakes with its clock set back", async () => {
    const clock = stopClock();
    const backend = new Backend(OK);
    const channel = `open:${crypto.randomUUID()}`;
    const home = telling(backend, {}, `home/${channel}`);
    const edge = telling(backend);
    const client = await edge.connect();
    await client.subscribe(channel);
    await untilTold(backend, 3);
    await edge.sleep();
    clock.advance(-2_000);
    await client.close();
    await untilTold(backend, 6);
    const numberOf = (kind: EventKind) =>
      eventsOf(backend).find((event) => event.kind === kind)?.sequence ?? Number.NaN;
    expect(numberOf("member.left")).toBeGreaterThan(numberOf("member.joined"));
    expect(numberOf("connection.closed")).toBeGreaterThan(numberOf("connection.opened"));
    expect(numberOf("channel.vacated")).toBeGreaterThan(numberOf("channel.occupied"));
    await until(async () => (await home.rows("event_batches")).length === 0);
  });

  test("EVENT-04: what a home was not told before a reset, it is told after it", async () => {
    const backend = new Backend(OK);
    const channel = `open:${crypto.randomUUID()}`;
    const kinds: EventKind[] = ["channel.occupied", "channel.vacated"];
    const home = telling(backend, { kinds }, `home/${channel}`);
    const edge = telling(backend, { kinds });
    const client = await edge.connect();
    await client.subscribe(channel);
    await untilTold(backend, 1);
    // What a reset in the middle of the call leaves behind.
    await edge.inside(
      ({ storage }) =>
        void storage.sql.exec("UPDATE occupancy SET told = 0, occupied = 0, sequence = sequence + 1"),
    );
    await client.close();
    await edge.crash();
    await edge.runAlarm();
    await untilTold(backend, 2);
    expect(kindsOf(backend)).toEqual(kinds);
    await until(async () => {
      await edge.runAlarm();
      return (await edge.tables()).length === 0;
    });
    expect(await home.sockets()).toBe(0);
  });

  test("EVENT-05: requests are signed where there is a secret", async () => {
    Object.assign(testSecrets, { SHARED_SECRET: SHARED });
    const backend = new Backend(OK);
    await telling(backend, { signatureSecret: "SHARED_SECRET" }).connect();
    const [asked] = await backend.untilAsked("/events");
    expect(await verify(asked?.headers.get("X-Poorwill-Signature"), asked?.text ?? "", SHARED)).toBe(true);
  });
});
