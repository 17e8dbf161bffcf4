import { describe, expect, test } from "vitest";
import type { Hooks } from "../../src/channels/hooks.ts";
import { handleFrame } from "../../src/fronts/centrifugo/dispatch.ts";
import { SESSION_LIMITS } from "../../src/shared/limits.ts";
import { FakeHub, openingOf, sessionOf, subscriptionTo } from "../support/operations.ts";

/** Sends frames as one client, and waits until nothing of them is under way. Returns the lines that it got. */
async function linesFor(hub: FakeHub, client: ReturnType<typeof sessionOf>, ...frames: string[]) {
  for (const frame of frames) handleFrame(hub, client.session, frame);
  await new Promise((resolve) => setImmediate(resolve));
  client.session.flush();
  return client.frames.splice(0).flatMap((frame) => frame.split("\n"));
}

function linesOf(frame: string, hooks: Hooks = {}): Promise<string[]> {
  const hub = new FakeHub(hooks);
  return linesFor(hub, sessionOf(hub), frame);
}

describe("commands of a connected client", () => {
  test.each([
    [{ connect: {} }, ["closed with 3501"]],
    [
      { subscribe: { channel: "news:1" } },
      ['{"id":1,"subscribe":{"recoverable":true,"epoch":"e","offset":2,"positioned":true}}'],
    ],
    [{ subscribe: { channel: "nowhere:1" } }, ['{"id":1,"error":{"code":102,"message":"unknown channel"}}']],
    [{ subscribe: { channel: "" } }, ["closed with 3501"]],
    [{ unsubscribe: { channel: "chat:1" } }, ['{"id":1,"unsubscribe":{}}']],
    [
      { history: { channel: "open:1", limit: 2 } },
      ['{"id":1,"history":{"publications":[1,2],"epoch":"e","offset":2}}'],
    ],
    [
      { presence_stats: { channel: "open:1" } },
      ['{"id":1,"presence_stats":{"num_clients":2,"num_users":1}}'],
    ],
    [{ presence: { channel: "chat:1" } }, ['{"id":1,"error":{"code":108,"message":"not available"}}']],
    [{ rpc: { method: "m" } }, ['{"id":1,"error":{"code":108,"message":"not available"}}']],
    [{ refresh: { token: "t" } }, ["closed with 3501"]],
    [
      { sub_refresh: { channel: "chat:1", token: "t" } },
      ['{"id":1,"error":{"code":103,"message":"permission denied"}}'],
    ],
    [
      { publish: { channel: "closed:1", data: 1 } },
      ['{"id":1,"error":{"code":103,"message":"permission denied"}}'],
    ],
  ])("PROTO-11: %j", async (command, lines) => {
    expect(await linesOf(JSON.stringify({ id: 1, ...command }))).toEqual(lines);
  });

  test("SESS-56: a message is not answered, and closes the connection where nothing takes it", async () => {
    expect(await linesOf('{"send":{"data":1}}', { message: () => undefined })).toEqual([]);
    const error = { code: 403, message: "no" };
    expect(await linesOf('{"send":{"data":1}}', { message: () => ({ error }) as never })).toEqual([]);
    expect(await linesOf('{"send":{"data":1}}')).toEqual(["closed with 3508"]);
  });

  test("BEAT-11: a pong that came in another form is remembered", async () => {
    const hub = new FakeHub();
    const client = sessionOf(hub);
    client.session.lastFrame = 7;
    expect(await linesFor(hub, client, '{"id":0}')).toEqual([]);
    expect(client.session.state.since).toBe(7);
  });

  test("SESS-38: publications that came meanwhile follow the reply, in the same frame", async () => {
    const hub = new FakeHub();
    hub.open = async () => openingOf({ commit: () => ['{"data":3}'] });
    expect(await linesFor(hub, sessionOf(hub), '{"id":1,"subscribe":{"channel":"chat:1"}}')).toEqual([
      '{"id":1,"subscribe":{}}',
      '{"push":{"channel":"chat:1","pub":{"data":3}}}',
    ]);
  });

  test("SESS-61: a command that fails unforeseen is error 100, and the next one is carried out", async () => {
    const hub = new FakeHub();
    hub.open = () => Promise.reject(new Error("secret"));
    hub.publishing.submit = () => {
      throw new Error("secret");
    };
    const commands = [
      '{"id":1,"subscribe":{"channel":"chat:1"}}',
      '{"id":2,"publish":{"channel":"open:1","data":1}}',
      '{"id":3,"unsubscribe":{"channel":"chat:2"}}',
    ];
    const lines = await linesFor(hub, sessionOf(hub), commands.join("\n"));
    const internal = '"error":{"code":100,"message":"internal server error","temporary":true}';
    expect(lines.sort()).toEqual([
      `{"id":1,${internal}}`,
      `{"id":2,${internal}}`,
      '{"id":3,"unsubscribe":{}}',
    ]);
  });
});

describe("the order of commands", () => {
  test("SESS-09: commands on one channel wait for each other, those on others do not", async () => {
    const hub = new FakeHub();
    const client = sessionOf(hub);
    const opening = Promise.withResolvers<ReturnType<typeof openingOf>>();
    hub.open = (channel) => (channel === "chat:1" ? opening.promise : Promise.resolve(openingOf()));
    const commands = [
      '{"id":1,"subscribe":{"channel":"chat:1"}}',
      '{"id":2,"unsubscribe":{"channel":"chat:1"}}',
      '{"id":3,"subscribe":{"channel":"chat:2"}}',
    ];
    expect(await linesFor(hub, client, commands.join("\n"))).toEqual(['{"id":3,"subscribe":{}}']);
    opening.resolve(openingOf());
    expect(await linesFor(hub, client)).toEqual(['{"id":1,"subscribe":{}}', '{"id":2,"unsubscribe":{}}']);
  });

  test("SESS-65: a command on a channel waits for what its session has published there", async () => {
    const hub = new FakeHub();
    const client = sessionOf(hub);
    const commands = [
      '{"id":1,"publish":{"channel":"open:1","data":1}}',
      '{"id":2,"publish":{"channel":"open:1","data":2}}',
      '{"id":3,"history":{"channel":"open:1"}}',
    ];
    expect(await linesFor(hub, client, commands.join("\n"))).toEqual([]);
    expect(hub.submitted).toHaveLength(2);
    for (const [, answer] of hub.submitted) answer({ offset: 1, epoch: "e" });
    const lines = await linesFor(hub, client);
    expect(lines.map((line) => JSON.parse(line).id)).toEqual([1, 2, 3]);
  });

  test("SESS-58: one command too many that waits is error 111", async () => {
    const count = SESSION_LIMITS.pendingCommands + 1;
    const hub = new FakeHub({}, { commandRate: { perSecond: count, burst: count } });
    hub.open = () => new Promise(() => {});
    const commands = Array.from(
      { length: count },
      (_, index) => `{"id":${index + 1},"${index === 0 ? "subscribe" : "unsubscribe"}":{"channel":"chat:1"}}`,
    );
    const lines = await linesFor(hub, sessionOf(hub), ...commands);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ id: count, error: { code: 111 } }]);
  });

  test("nothing is done, and no error is counted, for a client that has gone while its command waited", async () => {
    const hub = new FakeHub();
    const client = sessionOf(hub);
    const commands = [
      '{"id":1,"publish":{"channel":"open:1","data":1}}',
      '{"id":2,"sub_refresh":{"channel":"open:1","token":"t"}}',
    ];
    await linesFor(hub, client, ...commands);
    client.session.end();
    for (const [, answer] of hub.submitted) answer({ offset: 1, epoch: "e" });
    await linesFor(hub, client);
    expect([...hub.counters.errors]).toEqual([]);
  });
});

describe("the limit of subscriptions, while an unsubscribe waits for a publish", () => {
  const full = () => {
    const hub = new FakeHub({}, { channelLimit: 1 });
    const client = sessionOf(hub);
    hub.membership.add(client.session, subscriptionTo("open:1"));
    return [hub, client] as const;
  };
  const waiting = [
    '{"id":1,"publish":{"channel":"open:1","data":1}}',
    '{"id":2,"unsubscribe":{"channel":"open:1"}}',
  ];
  const another = '{"id":9,"subscribe":{"channel":"chat:1"}}';

  test("SESS-30: what is to end does not count", async () => {
    expect(await linesFor(...full(), ...waiting, another)).toEqual(['{"id":9,"subscribe":{}}']);
  });

  test("SESS-30: what is to begin again does", async () => {
    const again = '{"id":3,"subscribe":{"channel":"open:1"}}';
    expect(await linesFor(...full(), ...waiting, again, another)).toEqual([
      '{"id":9,"error":{"code":106,"message":"limit exceeded"}}',
    ]);
  });
});

describe("before a client is connected", () => {
  const fresh = () => {
    const hub = new FakeHub({}, { allowAnonymous: true });
    const client = sessionOf(hub, "");
    client.session.phase = "new";
    return { hub, client };
  };

  test("SESS-05: what comes with connect waits for it, then runs in order", async () => {
    const { hub, client } = fresh();
    const frame = '{"id":1,"connect":{}}\n{"id":2,"unsubscribe":{"channel":"chat:1"}}';
    const lines = await linesFor(hub, client, frame);
    expect(lines.map((line) => Object.keys(JSON.parse(line))[1])).toEqual(["connect", "unsubscribe"]);
    expect(client.session.phase).toBe("connected");
  });

  test("SESS-04: another command comes first", async () => {
    const { hub, client } = fresh();
    expect(await linesFor(hub, client, '{"id":1,"unsubscribe":{"channel":"chat:1"}}')).toEqual([
      "closed with 3501",
    ]);
  });

  test("SESS-06: after a refused connect the rest is dropped, and the next frame closes", async () => {
    const { hub, client } = fresh();
    const frame = '{"id":1,"connect":{"token":"t"}}\n{"id":2,"unsubscribe":{"channel":"chat:1"}}';
    expect(await linesFor(hub, client, frame)).toEqual([
      '{"id":1,"error":{"code":109,"message":"token expired"}}',
    ]);
    expect(await linesFor(hub, client, '{"id":3,"connect":{}}')).toEqual(["closed with 3501"]);
  });

  test("SESS-58: too much that waits for connect closes", async () => {
    const { hub, client } = fresh();
    const early = Array.from({ length: SESSION_LIMITS.pendingCommands + 1 }, (_, index) =>
      JSON.stringify({ id: index + 2, unsubscribe: { channel: "chat:1" } }),
    );
    const lines = await linesFor(hub, client, ['{"id":1,"connect":{}}', ...early].join("\n"));
    expect(lines.at(-1)).toBe("closed with 3013");
  });
});
