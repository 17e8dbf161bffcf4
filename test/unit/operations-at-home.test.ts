import { describe, expect, test } from "vitest";
import { Shedding } from "../../src/budget/shedding.ts";
import { ChannelBook } from "../../src/channels/channel-facts.ts";
import { type ConnectionSettings, resolveConfig } from "../../src/config/config.ts";
import { Management } from "../../src/fronts/server-api/management.ts";
import type { HomeCommand, PublishHomeCommand, UserCommand } from "../../src/hub-rpc/management.ts";
import type { HubOfBlocks } from "../../src/operations/block-user.ts";
import { ERRORS } from "../../src/shared/codes.ts";
import { API_LIMITS } from "../../src/shared/limits.ts";
import { HomeChannel, type Pending } from "../../src/streams/home-channel.ts";

/** A home in memory, and what was done there. */
function homeOf(connection: ConnectionSettings = {}) {
  const happened: string[] = [];
  const submitted: Pending[] = [];
  const config = resolveConfig(
    {
      connection,
      namespaces: [{ name: "open", history_size: 10, history_ttl: 60, presence: true }, { name: "chat" }],
    },
    {},
  );
  const book = new ChannelBook(config.namespaces);
  const hub: HubOfBlocks = {
    ...{ name: "here", config, callTimeout: 20, followersOf: () => [] },
    stubOf: () => ({ userConnections: async () => ({ connections: [], more: 0 }) }),
    blockedUsers: {
      block: (user) => happened.push(`block ${user}`) > 0,
      unblock: (user) => void happened.push(`unblock ${user}`),
    },
    factsOf: (channel) => {
      const facts = book.factsOf(channel);
      return channel.endsWith(":away") ? facts : { ...facts, home: "here" };
    },
    home: {
      channel: (name) => {
        const { options } = book.factsOf(name);
        return options && Object.assign(new HomeChannel(name, options), { top: 2, epoch: "e" });
      },
      ...{ open: () => {}, hold: () => {} },
      read: () => ({ first: 1, publications: ["1", "2"] }),
      submit: (_channel, pending) => void submitted.push(pending),
    },
    conditional: {
      publish: async ({ name }, { publication }) => {
        happened.push(`publish ${name} ${publication.data}`);
        await Promise.resolve();
        happened.push("published");
        return { offset: 3, epoch: "e" };
      },
    },
    presence: {
      turn: 0,
      ask: async (kind, channel) => {
        happened.push(`${kind} ${channel}`);
        return { kind: "presence_stats", clients: 2, users: 1 };
      },
    },
    store: {
      transaction: (work) => work(),
      saveStream: (name, { top }) => void happened.push(`save ${name} at ${top}`),
      trim: (name, upTo) => void happened.push(`trim ${name} to ${upTo}`),
    },
  };
  const used = { published: 0, answered: 0 };
  const management = new Management({ ...hub, shedding: new Shedding() });
  return {
    ...{ hub, happened, submitted },
    carryOut: (...commands: HomeCommand[]) => management.carryOut({ commands, used }),
    after: (used: { published: number; answered: number }, ...commands: HomeCommand[]) =>
      management.carryOut({ commands, used }),
  };
}

function publishTo(...channels: string[]): PublishHomeCommand {
  const conditions = { idempotencyKey: "", version: 0, versionEpoch: "" };
  return { ...{ kind: "publish", channels, data: "1", tags: undefined, skipHistory: false }, ...conditions };
}

const history = (channel: string): HomeCommand => ({
  ...{ kind: "history", channel, limit: 10, since: undefined, reverse: false },
});
const refused = ({ code }: { readonly code: number }) => [{ errorCode: code }];

describe("what the server API asks of a home", () => {
  test("API-16: a publication has an answer for each channel", async () => {
    expect(await homeOf().carryOut(publishTo("open:1", "nowhere:1", "open:2"))).toEqual([
      [
        { kind: "published", offset: 3, epoch: "e" },
        ...refused(ERRORS.unknownChannel),
        { kind: "published", offset: 3, epoch: "e" },
      ],
    ]);
  });

  test("API-18: what can be queued is queued at once, and a question comes after what is published before it", async () => {
    const { carryOut, happened } = homeOf();
    const commands: HomeCommand[] = [
      publishTo("open:1"),
      publishTo("open:2"),
      { kind: "presence_stats", channel: "open:1" },
    ];
    expect(await carryOut(...commands)).toHaveLength(3);
    expect(happened).toEqual([
      ...["publish open:1 1", "publish open:2 1", "published", "published"],
      "presence_stats open:1",
    ]);
  });

  test("API-22: a history is read, and removed so that the position stays", async () => {
    const { carryOut, happened } = homeOf();
    const answers = await carryOut(history("open:1"), { kind: "history_remove", channel: "open:1" });
    expect(answers).toEqual([
      [{ kind: "history", publications: ["1", "2"], offset: 2, epoch: "e" }],
      [{ kind: "done" }],
    ]);
    expect(happened).toEqual(["save open:1 at 2", "trim open:1 to 2"]);
  });

  test.each([
    ["chat:é", ERRORS.badRequest],
    ["nowhere:1", ERRORS.unknownChannel],
    ["chat:1", ERRORS.notAvailable],
  ])("API-20: questions about %s are refused", async (channel, error) => {
    const { carryOut, happened } = homeOf();
    const kinds = ["presence", "presence_stats", "history_remove"] as const;
    const commands: HomeCommand[] = [...kinds.map((kind) => ({ kind, channel })), history(channel)];
    expect(await carryOut(...commands)).toEqual(commands.map(() => refused(error)));
    expect(happened).toEqual([]);
  });

  test("API-19: what is used up by the calls before is refused", async () => {
    const { after, happened } = homeOf();
    const used = { published: API_LIMITS.publishedLength, answered: API_LIMITS.answersLength };
    const commands: HomeCommand[] = [
      publishTo("open:1"),
      history("open:1"),
      { kind: "presence_stats", channel: "open:1" },
    ];
    expect(await after(used, ...commands)).toEqual(commands.map(() => refused(ERRORS.tooManyRequests)));
    expect(happened).toEqual(["presence_stats open:1"]);
  });

  test("API-19: publications use up what the next ones may have", async () => {
    const used = { published: API_LIMITS.publishedLength - 1, answered: 0 };
    const [answers] = await homeOf().after(used, publishTo("open:1", "open:2"));
    expect(answers).toEqual([
      { kind: "published", offset: 3, epoch: "e" },
      ...refused(ERRORS.tooManyRequests),
    ]);
  });

  test("API-19: answers use up what the next ones may have", async () => {
    const { hub, after } = homeOf();
    hub.home.read = () => ({ first: 1, publications: ["x".repeat(100)] });
    const used = { published: 0, answered: API_LIMITS.answersLength - 50 };
    const answers = await after(used, history("open:1"), history("open:1"));
    expect(answers.map(([answer]) => answer && "errorCode" in answer)).toEqual([false, true]);
  });

  test("API-09: what fails unforeseen is error 100 for each of its channels, and the next command is carried out", async () => {
    const { carryOut } = homeOf();
    const commands: HomeCommand[] = [publishTo("open:1", "open:away"), history("open:1")];
    expect(await carryOut(...commands)).toEqual([
      [...refused(ERRORS.internal), ...refused(ERRORS.internal)],
      [expect.objectContaining({ kind: "history" })],
    ]);
  });
});

describe("a command on a user", () => {
  const command: UserCommand = {
    ...{ action: "unsubscribe", user: "ann", client: "", session: "", channel: "open:1" },
  };
  const isOn = { userCommands: true };

  test.each([
    [true, [{ kind: "done" }]],
    [false, refused(ERRORS.internal)],
  ])("API-38: it is answered when every hub has said whether it was taken: %s", async (isTaken, answer) => {
    const { carryOut, submitted } = homeOf(isOn);
    const answers = carryOut({ kind: "user", command });
    const [pending] = submitted;
    if (pending?.kind !== "command") throw new Error("nothing was submitted");
    expect(pending.command).toEqual(command);
    pending.receipts.expect()(isTaken);
    pending.answer({ offset: 0, epoch: "" });
    expect(await answers).toEqual([answer]);
  });

  test("API-39: where it is off, it is refused", async () => {
    expect(await homeOf().carryOut({ kind: "user", command })).toEqual([refused(ERRORS.notAvailable)]);
  });

  test("API-38: its channel has to be one", async () => {
    const answers = await homeOf(isOn).carryOut({
      kind: "user",
      command: { ...command, channel: "nowhere:1" },
    });
    expect(answers).toEqual([refused(ERRORS.unknownChannel)]);
  });
});
