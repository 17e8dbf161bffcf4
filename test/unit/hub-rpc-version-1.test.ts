import { serialize } from "node:v8";
import { describe, expect, test } from "vitest";
import type { MethodForms } from "../../src/hub-rpc/call-forms.ts";
import type { Answer, Call, Method } from "../../src/hub-rpc/hub-rpc.ts";
import type { HomeCommand } from "../../src/hub-rpc/management.ts";
import type { Submission, Unnumbered } from "../../src/hub-rpc/messages.ts";
import { version1 } from "../../src/hub-rpc/version-1/forms.ts";
import type { ClientInfo } from "../../src/protocol/messages.ts";
import { wideHash } from "../../src/shared/hash.ts";
import { HUB_LIMITS } from "../../src/shared/limits.ts";
import { countFittingInOrder } from "../../src/streams/publication-run.ts";

/** Payloads whose digits JSON.parse would change. */
const ann: ClientInfo = { user: "ann", client: "a", connInfo: '{"n":12345678901234567890}', chanInfo: "1.0" };
const bob: ClientInfo = { user: 'b"ob', client: "b", connInfo: undefined, chanInfo: undefined };
const annText = '{"user":"ann","client":"a","conn_info":{"n":12345678901234567890},"chan_info":1.0}';
const bobText = '{"user":"b\\"ob","client":"b"}';

function formsOf<Name extends Method>(method: Name): MethodForms<Name> {
  const forms = version1[method];
  if (forms === undefined) throw new Error(`version 1 has no forms of ${method}`);
  return forms;
}

/** Checks that something of memory is written so, and read back the same. */
function expectCall<Name extends Method>(method: Name, call: Call<Name>, written: object): void {
  expect(formsOf(method).writeCall(call)).toEqual(written);
  expect(formsOf(method).readCall(written)).toEqual(call);
}

function expectAnswer<Name extends Method>(
  method: Name,
  asked: object,
  answer: Answer<Name>,
  written: unknown,
): void {
  expect(formsOf(method).writeAnswer(answer, asked)).toEqual(written);
  expect(formsOf(method).readAnswer(written, asked)).toEqual(answer);
}

describe("deliver", () => {
  const head = { home: "home/open:a", incarnation: "i", sequence: 3, sentAt: 5 };
  const delivery = {
    ...{ channel: 'open:"a', generation: 1, epoch: "e", previous: 7, vouched: true, lost: false },
    publications: ['{"data":1.0,"offset":8}'],
  };

  test("SKEW-01: what has no offset, joins and leaves travel as pushes", () => {
    const unnumbered: Unnumbered[] = [{ after: 8, publication: '{"data":{"n":1.0}}' }];
    const joinLeave = [{ kind: "join", info: ann } as const, { kind: "leave", info: bob } as const];
    const channel = '{"push":{"channel":"open:\\"a",';
    expectCall(
      "deliver",
      { ...head, deliveries: [{ ...delivery, unnumbered, joinLeave }] },
      {
        ...head,
        deliveries: [
          {
            ...delivery,
            pushes: [{ after: 8, push: `${channel}"pub":{"data":{"n":1.0}}}}` }],
            events: [`${channel}"join":{"info":${annText}}}}`, `${channel}"leave":{"info":${bobText}}}}`],
          },
        ],
      },
    );
  });

  test("SKEW-01: a command on a user travels as the data of a publication", () => {
    const channel = "\0users/3";
    const command = {
      action: "unsubscribe",
      user: "ann",
      client: "",
      session: "",
      channel: "open:a",
    } as const;
    const data = JSON.stringify(command);
    const push = `{"push":{"channel":"\\u0000users/3","pub":{"data":${data}}}}`;
    expectCall(
      "deliver",
      { ...head, deliveries: [{ ...delivery, channel, unnumbered: [{ after: 0, command }], joinLeave: [] }] },
      { ...head, deliveries: [{ ...delivery, channel, pushes: [{ after: 0, push }], events: [] }] },
    );
  });

  test("DELIV-19: a call that is full of short publications is one that the runtime takes, for a channel of any name", () => {
    const waiting = Array.from({ length: 200_000 }, () => ({ after: 0, publication: '{"data":1}' }));
    const run = { first: 1, publications: [] };
    const fitting = countFittingInOrder(run, waiting, HUB_LIMITS.callLength);
    const unnumbered = waiting.slice(0, fitting.unnumbered);
    const full = { ...delivery, channel: '"'.repeat(255), publications: [], unnumbered, joinLeave: [] };
    const written = formsOf("deliver").writeCall({ ...head, deliveries: [full] });
    expect(serialize(written).byteLength).toBeLessThan(32 * 2 ** 20);
  });

  test("SKEW-01: a push of another channel is refused", () => {
    const pushes = [{ after: 0, push: '{"push":{"channel":"b","pub":{"data":1}}}' }];
    const written = { ...head, deliveries: [{ ...delivery, pushes, events: [] }] };
    expect(() => formsOf("deliver").readCall(written)).toThrow("not of the channel");
  });
});

describe("publish", () => {
  const publication: Submission = {
    ...{ kind: "publication", channel: "open:a", skipHistory: false },
    publication: { data: "1.0", info: ann, tags: undefined },
  };
  const join = { kind: "join", channel: "open:a", isPresent: true } as const;

  test("SKEW-01: infos of those who come and go are text", () => {
    expectCall(
      "publish",
      { hub: "edge/x/0", submissions: [publication, { ...join, info: ann }] },
      { hub: "edge/x/0", submissions: [publication, { ...join, info: annText }] },
    );
    expectAnswer("publish", {}, [{ offset: 1, epoch: "e" }], [{ offset: 1, epoch: "e" }]);
  });

  test("SKEW-01: the first builds neither say who calls nor who shows in presence", () => {
    const { isPresent: _, ...written } = { ...join, info: annText };
    expect(formsOf("publish").readCall({ submissions: [written] })).toEqual({
      hub: "",
      submissions: [{ ...join, info: ann, isPresent: false }],
    });
  });
});

describe("presence and members", () => {
  const keys = { clients: [1, 2], users: [wideHash("ann"), 4] };
  const members = [
    ["a", annText],
    ["b", bobText],
  ];
  const asked = { channel: "open:a", asker: "edge/x/0", members: [] };
  const call = { channel: "open:a", caller: "edge/x/0" };

  test("SKEW-01: members are their ids and infos as text", () => {
    expectCall("presence", { ...call, limit: 500 }, { ...asked, limit: 500 });
    expectAnswer("presence", { ...asked, limit: 500 }, [ann, bob], members);
    expectAnswer("presence", { ...asked, limit: 500 }, { untold: 900 }, { untold: 900 });
    expectCall(
      "members",
      { channel: "a", limit: 9, keysOnly: false },
      { channel: "a", limit: 9, keysOnly: false },
    );
    expectAnswer("members", { channel: "a", limit: 9 }, [ann, bob], members);
  });

  test("SKEW-01: keys and numbers are as they were", () => {
    expectCall("presence", { ...call, keys }, { ...asked, keys });
    expectAnswer("presence", { ...asked, keys }, { clients: 3, users: 2 }, { clients: 3, users: 2 });
    expectAnswer("members", { channel: "a", limit: 9, keysOnly: true }, keys, keys);
  });

  test("SKEW-01: the first builds ask without a limit, and are answered with their own members among all", () => {
    const { readCall, writeAnswer } = formsOf("presence");
    const first = { ...asked, members: [["b", bobText]] };
    expect(readCall(first)).toMatchObject({ ...call, limit: expect.any(Number) });
    expect(writeAnswer([ann], first)).toEqual([
      ["b", bobText],
      ["a", annText],
    ]);
    expect(() => writeAnswer({ untold: 1 }, first)).toThrow("more members");
    expect(formsOf("members").readCall({ channel: "a" })).toEqual({
      ...{ channel: "a", limit: Number.POSITIVE_INFINITY, keysOnly: false },
    });
  });

  test("SKEW-01: the first builds answer with members, whatever was asked", () => {
    const { readAnswer } = formsOf("presence");
    expect(readAnswer(members, { ...asked, keys })).toEqual({ clients: 4, users: 3 });
    expect(readAnswer(members, { ...asked, limit: 100 })).toEqual({ untold: expect.any(Number) });
    expect(formsOf("members").readAnswer(members, { channel: "a", keysOnly: true })).toEqual({
      clients: [wideHash("a"), wideHash("b")],
      users: [wideHash("ann"), wideHash('b"ob')],
    });
  });
});

describe("manage", () => {
  const channel = "keep:a";
  const publish: HomeCommand = {
    ...{ kind: "publish", channels: [channel, "keep:a/b"], data: "1", tags: undefined, skipHistory: false },
    ...{ idempotencyKey: "", version: 0, versionEpoch: "" },
  };
  const history = { kind: "history", channel, limit: 10, since: undefined, reverse: false } as const;
  const commands = [
    publish,
    { kind: "presence", channel },
    { kind: "presence_stats", channel },
    history,
    { kind: "history_remove", channel },
    { kind: "history_remove", channel },
  ] as const;
  const used = { published: 1, answered: 2 };

  test("SKEW-01: commands are as they were, and the first builds do not say what was used", () => {
    expectCall("manage", { commands, used }, { commands, used });
    expect(formsOf("manage").readCall({ commands })).toEqual({
      commands,
      used: { published: 0, answered: 0 },
    });
  });

  test("SKEW-01: results are JSON text", () => {
    const publications = ['{"data":{"n":12345678901234567890},"offset":7}', '{"data":1.0,"offset":8}'];
    expectAnswer(
      "manage",
      { commands, used },
      [
        [
          { kind: "published", offset: 7, epoch: "e" },
          { kind: "published", offset: 0, epoch: "" },
        ],
        [{ kind: "presence", members: [ann, bob] }],
        [{ kind: "presence_stats", clients: 2, users: 1 }],
        [{ kind: "history", publications, offset: 8, epoch: "e" }],
        [{ kind: "done" }],
        [{ errorCode: 108 }],
      ],
      [
        [{ result: '{"offset":7,"epoch":"e"}' }, { result: "{}" }],
        [{ result: `{"presence":{"a":${annText},"b":${bobText}}}` }],
        [{ result: '{"num_clients":2,"num_users":1}' }],
        [{ result: `{"publications":[${publications.join(",")}],"epoch":"e","offset":8}` }],
        [{ result: "{}" }],
        [{ errorCode: 108 }],
      ],
    );
  });
});
