import { expect, test } from "vitest";
import type { RoomHandler, RoomSocket } from "../../src/rooms/handler.ts";
import { ROOM_CLOSES } from "../../src/shared/codes.ts";
import { addKind, testKinds } from "./kinds.ts";
import { TestRoom } from "./test-room.ts";

interface Counter {
  count: number;
}

const ask = (client: { send(message: string): void; next(): Promise<unknown> }, question: string) => {
  client.send(question);
  return client.next().then((answer) => JSON.parse(String(answer)) as unknown);
};

const describing: RoomHandler = {
  protocols: ["v2", "v1"],
  open(ws) {
    ws.send("opened");
  },
  message: (ws) => ws.send(JSON.stringify([ws.id, ws.protocol, ws.remoteAddress, ws.readyState])),
};

test("SLEEP-01 ROOM-09: id, protocol and address survive sleep, and open is not repeated", async () => {
  const room = new TestRoom(describing);
  const headers = { "Sec-WebSocket-Protocol": "v1, v2", "CF-Connecting-IP": "192.0.2.1" };
  const [one, other] = [await room.connect(headers), await room.connect()];
  expect([await one.next(), await other.next()]).toEqual(["opened", "opened"]);
  const [first, second] = [await ask(one, "?"), await ask(other, "?")];
  expect(first).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), "v1", "192.0.2.1", 1]);
  expect(second).toEqual([expect.not.stringMatching((first as string[])[0] ?? ""), "", "", 1]);
  await room.sleep();
  expect([await ask(one, "?"), await ask(other, "?")]).toEqual([first, second]);
});

test.each([
  ["v1", "v1"],
  ["v3, v2, v1", "v2"],
  ["v3", null],
  ["V1", null],
  [undefined, null],
])("ROOM-08: of %s the room chooses %s", async (offered, chosen) => {
  const response = await new TestRoom(describing).handshake({ "Sec-WebSocket-Protocol": offered });
  expect(response.headers.get("Sec-WebSocket-Protocol")).toBe(chosen);
  response.webSocket?.accept();
});

const counting: RoomHandler<Counter> = {
  upgrade: () => ({ count: 0 }),
  async message(ws, message) {
    if (message === "change") ws.data.count += 1;
    if (message === "replace") ws.data = { count: 100 };
    if (message === "change late") {
      const { data } = ws;
      await scheduler.wait(1);
      data.count += 10;
    }
    ws.send(JSON.stringify(ws.data));
  },
};

test.each([
  ["change", 1],
  ["replace", 100],
  ["change late", 10],
])("SLEEP-02: data survives sleep after %j", async (message, count) => {
  const room = new TestRoom(counting);
  const client = await room.connect();
  await ask(client, message);
  await room.sleep();
  expect(await ask(client, "?")).toEqual({ count });
});

test("SLEEP-02: data that nobody changed survives sleep, whatever can be cloned", async () => {
  const data = { date: new Date(0), map: new Map([["a", 1]]), bytes: new Uint8Array([1]), big: 1n };
  const seen: unknown[] = [];
  const room = new TestRoom({
    upgrade: () => data,
    message(ws) {
      seen.push(ws.data);
      ws.send("seen");
    },
  });
  const client = await room.connect();
  await room.sleep();
  client.send("?");
  await client.next();
  expect(seen).toEqual([data]);
});

test("SLEEP-02: a change to the data of other sockets survives sleep", async () => {
  const room = new TestRoom({
    upgrade: () => ({ count: 0 }),
    message(ws: RoomSocket<Counter>, message, { sockets }) {
      if (message === "all")
        for (const socket of sockets as Iterable<RoomSocket<Counter>>) socket.data.count += 1;
      ws.send(JSON.stringify(ws.data));
    },
  } as RoomHandler<Counter>);
  const [one, other] = [await room.connect(), await room.connect()];
  await ask(one, "all");
  await room.sleep();
  expect(await ask(other, "?")).toEqual({ count: 1 });
});

test("SLEEP-02: a late change to the data of another socket survives sleep", async () => {
  const { promise: othersDone, resolve: finishOthers } = Promise.withResolvers<void>();
  const room = new TestRoom({
    upgrade: () => ({ count: 0 }),
    async message(ws: RoomSocket<Counter>, message, { sockets }) {
      if (message === "late") {
        await scheduler.wait(1);
        const all = [...(sockets as Iterable<RoomSocket<Counter>>)].map((socket) => socket.data);
        ws.send("{}");
        await othersDone;
        for (const data of all) data.count += 1;
      }
      ws.send(JSON.stringify(ws.data));
    },
  } as RoomHandler<Counter>);
  const [one, other] = [await room.connect(), await room.connect()];
  await ask(one, "late");
  await ask(other, "save");
  finishOthers();
  await one.next();
  await room.sleep();
  expect(await ask(other, "?")).toEqual({ count: 1 });
});

test("SLEEP-02: changes by upgrade, tick and close survive sleep", async () => {
  const countAll = (sockets: Iterable<RoomSocket<Counter>>) => {
    for (const socket of sockets) socket.data.count += 1;
  };
  const room = new TestRoom({
    tickInterval: 60_000,
    upgrade(_request, { sockets }) {
      countAll(sockets);
      return { count: 0 };
    },
    async tick({ sockets }) {
      const all = [...sockets].map(({ data }) => data);
      await scheduler.wait(1);
      for (const data of all) data.count += 1;
    },
    message: (ws) => ws.send(JSON.stringify(ws.data)),
    close: (_ws, _code, _reason, { sockets }) => countAll(sockets),
  } as RoomHandler<Counter>);
  const client = await room.connect();
  const visitor = await room.connect();
  await room.sleep();
  expect(await ask(client, "after upgrade")).toEqual({ count: 1 });
  await room.runAlarm();
  await room.sleep();
  expect(await ask(client, "after tick")).toEqual({ count: 2 });
  await visitor.close(1000);
  await expect.poll(() => room.sockets()).toBe(1);
  await room.sleep();
  expect(await ask(client, "after close")).toEqual({ count: 3 });
});

test("SLEEP-05: a socket that another build left in an unknown form is asked to come back", async () => {
  const room = new TestRoom("echo");
  const [foreign, known] = [await room.connect(), await room.connect()];
  await room.inside((state) => {
    const [raw] = state.getWebSockets().slice(-1);
    raw?.serializeAttachment({ version: 2 });
  });
  await room.sleep();
  foreign.send("hello?");
  expect(await foreign.closed).toEqual({
    code: ROOM_CLOSES.restart.code,
    reason: ROOM_CLOSES.restart.reason,
  });
  known.send("well");
  expect(await known.next()).toBe("well");
});

test("SLEEP-05: the sockets of a kind that is no more are asked to come back", async () => {
  const kind = addKind({ message: (ws, message) => ws.send(message) });
  const room = new TestRoom(kind);
  const [one, other] = [await room.connect(), await room.connect()];
  await room.sleep();
  delete testKinds[kind];
  one.send("anybody?");
  expect((await one.closed).code).toBe(ROOM_CLOSES.restart.code);
  expect((await other.closed).code).toBe(ROOM_CLOSES.restart.code);
});

test("SLEEP-06: a reset ends every socket, and the room begins anew", async () => {
  const room = new TestRoom("broadcast");
  const [one, other] = [await room.connect(), await room.connect()];
  await room.crash();
  expect([(await one.closed).code, (await other.closed).code]).toEqual([1006, 1006]);
  expect(await room.sockets()).toBe(0);
  const [again, friend] = [await room.connect(), await room.connect()];
  again.send("back");
  expect(await friend.next()).toBe("back");
});
