import { env as bindings } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { RoomContext, RoomHandler } from "../../src/rooms/handler.ts";
import { stopClock } from "../support/clock.ts";
import { captureErrors } from "../support/log.ts";
import { until } from "../support/until.ts";
import { testKinds } from "./kinds.ts";
import { TestRoom } from "./test-room.ts";

/** A room that does for each message what `act` says, and answers with its result as JSON. */
function roomThat(act: (room: RoomContext, message: string) => unknown, more: Partial<RoomHandler> = {}) {
  return new TestRoom({
    async message(ws, message, room) {
      try {
        ws.send(JSON.stringify((await act(room, String(message))) ?? null));
      } catch (failure) {
        ws.send(JSON.stringify(String(failure)));
      }
    },
    ...more,
  });
}

async function ask(client: { send(message: string): void; next(): Promise<unknown> }, message: string) {
  client.send(message);
  return JSON.parse(String(await client.next())) as unknown;
}

const counted = ({ storage: { sql } }: RoomContext) => {
  sql.exec("CREATE TABLE IF NOT EXISTS said (id INTEGER PRIMARY KEY)");
  sql.exec("INSERT INTO said DEFAULT VALUES");
  return sql.exec<{ count: number }>("SELECT count(*) AS count FROM said").one().count;
};

test("ROOM-31: tables and values survive sleep, the last socket, and a reset of the object", async () => {
  const room = roomThat((context) => {
    const before = context.storage.kv.get<number>("count") ?? 0;
    context.storage.kv.put("count", before + 1);
    return [counted(context), before + 1];
  });
  const first = await room.connect();
  expect(await ask(first, "one")).toEqual([1, 1]);
  await room.sleep();
  expect(await ask(first, "two")).toEqual([2, 2]);
  await first.close(1000);
  await room.untilEmpty();
  await room.sleep();
  const second = await room.connect();
  expect(await ask(second, "three")).toEqual([3, 3]);
  await room.crash();
  expect(await ask(await room.connect(), "four")).toEqual([4, 4]);
});

test("ROOM-31: a room that ticks keeps what its author has stored when the last socket leaves", async () => {
  const room = roomThat(counted, { tickInterval: 60_000, tick() {}, idleTimeout: 60 });
  const client = await room.connect();
  await ask(client, "one");
  await client.close(1000);
  await until(async () => (await room.alarm()) === null);
  expect(await ask(await room.connect(), "two")).toBe(2);
});

test("ROOM-31: a transaction that throws stores nothing", async () => {
  const room = roomThat((context, message) => {
    if (message === "count") return counted(context);
    return context.storage.transactionSync(() => {
      counted(context);
      throw new Error("no");
    });
  });
  const client = await room.connect();
  expect(await ask(client, "fail")).toBe("Error: no");
  expect(await ask(client, "count")).toBe(1);
});

describe("what the gateway stores", () => {
  const room = () =>
    roomThat(
      async (context, message) => {
        const { kv, sql } = context.storage;
        if (message === "set") context.setAlarm(Date.now() + 60_000);
        if (message === "list") return [...kv.list({ limit: 2 })].map(([key]) => key);
        if (message === "get") return kv.get("poorwill:alarm");
        if (message === "put") return kv.put("poorwill:anything", 1);
        if (message === "delete") return kv.delete("poorwill:alarm");
        if (message === "sql") return sql.exec("SELECT * FROM _cf_KV").toArray();
        if (message === "tables")
          return sql.exec("SELECT name FROM sqlite_master WHERE name NOT GLOB '_cf_*'").toArray();
        if (message === "deleteAll") {
          counted(context);
          for (const key of ["a", "z", "pp"]) kv.put(key, 1);
          await context.storage.deleteAll();
        }
        return context.getAlarm();
      },
      { alarm() {}, tickInterval: 90_000, tick() {} },
    );

  test("ROOM-32: `kv` neither shows the gateway's row nor changes it", async () => {
    const client = await room().connect();
    expect(await ask(client, "set")).toBeTypeOf("number");
    expect(await ask(client, "list")).toEqual([]);
    for (const way of ["get", "put", "delete"]) expect(await ask(client, way)).toContain("RangeError");
    expect(await ask(client, "?")).toBeTypeOf("number");
  });

  test("ROOM-32: SQL cannot name it", async () => {
    const client = await room().connect();
    await ask(client, "set");
    expect(await ask(client, "sql")).toContain("Error");
    expect(await ask(client, "?")).toBeTypeOf("number");
  });

  test("ROOM-32: `list` has as many values as asked for", async () => {
    const client = await roomThat(
      ({ storage: { kv } }) => {
        for (const key of ["a", "b", "q", "r"]) kv.put(key, 1);
        return [...kv.list({ start: "b", limit: 2 })].map(([key]) => key);
      },
      { alarm() {}, open: (_ws, room) => room.setAlarm(Date.now() + 60_000) },
    ).connect();
    expect(await ask(client, "fill")).toEqual(["b", "q"]);
  });

  test("ROOM-32: `deleteAll` deletes what the author has stored and the alarm, and the room goes on ticking", async () => {
    const clock = stopClock();
    const ticking = room();
    const client = await ticking.connect();
    const began = Date.now();
    await ask(client, "set");
    expect(await ask(client, "deleteAll")).toBeNull();
    expect(await ask(client, "tables")).toEqual([]);
    expect(await ticking.alarm()).toBe(began + 90_000);
    await ticking.sleep();
    clock.advance(90_000);
    await ticking.runAlarm();
    expect(await ticking.alarm()).toBe(began + 180_000);
  });
});

test("ROOM-32: after `deleteAll` a room stores nothing", async () => {
  const unused = await new TestRoom("echo").inside(({ storage }) => storage.sql.databaseSize);
  const room = roomThat(async (context) => {
    counted(context);
    await context.storage.deleteAll();
  });
  await ask(await room.connect(), "store and delete");
  expect(await room.inside(({ storage }) => storage.sql.databaseSize)).toBe(unused);
});

test("ROOM-33: a kind that disappears keeps what its rooms have stored", async () => {
  const room = roomThat(counted, { idleTimeout: 60 });
  await ask(await room.connect(), "one");
  const handler = testKinds[room.kind];
  await room.sleep();
  delete testKinds[room.kind];
  expect(await room.runAlarm()).toBe(true);
  await room.untilEmpty();
  await room.sleep();
  if (handler) testKinds[room.kind] = handler;
  expect(await ask(await room.connect(), "two")).toBe(2);
});

test("ROOM-34: `room.socket` finds the open socket of an id, also after sleep", async () => {
  const room = roomThat((context, id) => context.socket(id)?.remoteAddress ?? "nobody", {
    open: (ws) => ws.send(ws.id),
  });
  const [one, other] = [await room.connect({ "CF-Connecting-IP": "192.0.2.7" }), await room.connect()];
  const id = String(await one.next());
  await other.next();
  expect(await ask(other, id)).toBe("192.0.2.7");
  await room.sleep();
  expect(await ask(other, id)).toBe("192.0.2.7");
  expect(await ask(other, "constructor")).toBe("nobody");
  await one.close(1000);
  await until(async () => (await room.sockets()) === 1);
  expect(await ask(other, id)).toBe("nobody");
});

test("ROOM-34: `room.env` has the bindings, and what `waitUntil` is given may fail", async () => {
  const log = captureErrors();
  const room = roomThat((context) => {
    context.waitUntil(Promise.reject(new Error("in vain")));
    return Object.keys(context.env).includes("ROOM");
  });
  expect(Object.keys(bindings)).toContain("ROOM");
  expect(await ask(await room.connect(), "env")).toBe(true);
  await until(() => log().length > 0);
  expect(log()).toMatchObject([{ event: "room.wait_until_failed", message: "in vain" }]);
});

test("ROOM-31: what is stored while the gateway frees its storage stays", async () => {
  const room = new TestRoom("echo");
  const kept = await room.inside(async ({ storage }) => {
    const deleting = storage.deleteAll();
    storage.kv.put("written", "right behind");
    await deleting;
    return storage.kv.get("written");
  });
  expect(kept).toBe("right behind");
});
