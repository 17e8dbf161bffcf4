import { describe, expect, test } from "vitest";
import { parseChannel } from "../../src/channels/names.ts";
import { DEFAULT_OPTIONS } from "../../src/channels/option-schema.ts";
import type { ChannelOptions } from "../../src/channels/options.ts";
import { overrideOptions } from "../../src/channels/override.ts";
import {
  decideJoinLeave,
  decidePositioning,
  mayPublish,
  mayReadHistory,
  mayReadPresence,
  maySubscribe,
} from "../../src/channels/permissions.ts";
import { checkPublicationData } from "../../src/channels/publication-data.ts";
import { checkSubscribe } from "../../src/channels/subscribe-checks.ts";
import { DISCONNECTS, ERRORS } from "../../src/shared/codes.ts";

const options = (some: Partial<ChannelOptions> = {}): ChannelOptions => ({ ...DEFAULT_OPTIONS, ...some });
const history = { history_size: 10, history_ttl: 60 };

describe("checks of a subscribe command", () => {
  const facts = {
    command: { type: 0, delta: "", hasTagsFilter: false },
    name: "ok" as const,
    options: options(),
    isSubscribed: false,
    subscriptions: 127,
    limit: 128,
    carriesBytes: false,
    hasSpace: true,
  };
  /** Each is wrong in one more way than the one before it, in the order that counts. */
  const wrongs = [
    ["memory", { hasSpace: false }, ERRORS.tooManyRequests],
    ["bytes", { options: options({ publication_data_format: "binary" }) }, ERRORS.notAvailable],
    ["type", { command: { ...facts.command, type: 1 } }, ERRORS.badRequest],
    ["tags filter", { command: { ...facts.command, hasTagsFilter: true } }, ERRORS.badRequest],
    ["delta", { command: { type: 1, delta: "xdelta", hasTagsFilter: true } }, DISCONNECTS.badRequest],
    ["namespace", { options: undefined }, ERRORS.unknownChannel],
    ["characters", { name: "bad characters" as const }, ERRORS.badRequest],
    ["already", { isSubscribed: true }, ERRORS.alreadySubscribed],
    ["limit", { subscriptions: 128 }, ERRORS.limitExceeded],
    ["length", { name: "too long" as const }, ERRORS.badRequest],
    ["empty", { name: "empty" as const }, DISCONNECTS.badRequest],
  ] as const;
  const answerOf = (some: object) => {
    const check = checkSubscribe({ ...facts, ...some });
    return check.kind === "disconnect" ? check.disconnect : check.kind === "error" ? check.error : check.kind;
  };

  test("CHAN-06: nothing wrong goes on to permissions", () => {
    expect(checkSubscribe(facts)).toEqual({ kind: "ok", options: facts.options });
    expect(answerOf({ command: { ...facts.command, delta: "fossil" } })).toBe("ok");
  });

  test.each(wrongs)("CHAN-06: %s", (_name, wrong, answer) => {
    expect(answerOf(wrong)).toBe(answer);
  });

  test.each(wrongs.map((_wrong, index) => index))(
    "CHAN-06: of %i and all later ones the earlier answers",
    (index) => {
      const all = Object.assign({}, ...wrongs.slice(0, index + 1).map(([, wrong]) => wrong));
      expect(answerOf(all)).toBe(wrongs[index]?.[2]);
    },
  );
});

describe("who may subscribe", () => {
  const access = {
    channel: parseChannel("chat:1"),
    user: "7",
    options: options(),
    hasToken: false,
    hasHook: false,
    insecure: false,
  };
  const decide = (some: Partial<typeof access>) => maySubscribe({ ...access, ...some });
  const open = { allow_subscribe_for_client: true };
  const limited = {
    channel: parseChannel("dialog#7,8"),
    options: options({ allow_user_limited_channels: true, ...open }),
  };
  const deny = { kind: "deny", error: ERRORS.permissionDenied };
  const allow = { kind: "allow" };

  test("CHAN-07: a private channel needs a token, whatever else is allowed", () => {
    const secret = { channel: parseChannel("$chat:1"), options: options(open) };
    expect(decide({ ...secret, hasHook: true, insecure: true })).toEqual(deny);
    expect(decide({ ...secret, hasToken: true })).toEqual({ kind: "token" });
  });

  test("CHAN-07: a token decides before all else", () => {
    expect(decide({ ...limited, hasToken: true, hasHook: true, insecure: true })).toEqual({ kind: "token" });
  });

  test("CHAN-07: the name decides about a channel limited to users", () => {
    expect(decide({ ...limited, hasHook: true })).toEqual(allow);
    expect(decide({ ...limited, user: "78", hasHook: true, insecure: true })).toEqual(deny);
    expect(decide({ ...limited, channel: parseChannel("dialog#"), user: "" })).toEqual(deny);
    expect(decide({ channel: limited.channel, options: options(open), user: "9" })).toEqual(allow);
  });

  test("CHAN-07: then the hook decides", () => {
    expect(decide({ hasHook: true, options: options(open), insecure: true })).toEqual({ kind: "hook" });
  });

  test("CHAN-07: then the options, and users without a name need one more", () => {
    expect(decide({})).toEqual(deny);
    expect(decide({ options: options(open) })).toEqual(allow);
    expect(decide({ options: options(open), user: "" })).toEqual(deny);
    expect(decide({ options: options({ ...open, allow_subscribe_for_anonymous: true }), user: "" })).toEqual(
      allow,
    );
    expect(decide({ options: options({ allow_subscribe_for_anonymous: true }), user: "" })).toEqual(deny);
  });

  test("CHAN-07: insecure allows what is left", () => {
    expect(decide({ insecure: true, user: "" })).toEqual(allow);
  });
});

describe.each([
  ["publish", mayPublish, {}, undefined],
  ["presence", mayReadPresence, { presence: true }, ERRORS.notAvailable],
  ["history", mayReadHistory, history, ERRORS.notAvailable],
] as const)("who may use %s", (action, may, feature, off) => {
  const allowed = (whom: string) => ({ [`allow_${action}_for_${whom}`]: true });
  const access = { user: "7", isSubscribed: false, options: options(feature), insecure: false };
  const decide = (some: Partial<typeof access>, ...whom: string[]) =>
    may({ ...access, options: options({ ...feature, ...Object.assign({}, ...whom.map(allowed)) }), ...some });

  test("CHAN-08: nobody, unless something allows it", () => {
    expect(decide({})).toBe(ERRORS.permissionDenied);
    expect(decide({ isSubscribed: true })).toBe(ERRORS.permissionDenied);
  });

  test("CHAN-08: clients with a name, and those without where that is said", () => {
    expect(decide({}, "client")).toBeUndefined();
    expect(decide({ user: "" }, "client")).toBe(ERRORS.permissionDenied);
    expect(decide({ user: "" }, "client", "anonymous")).toBeUndefined();
    expect(decide({ user: "" }, "anonymous")).toBe(ERRORS.permissionDenied);
  });

  test("CHAN-08: subscribers, named or not", () => {
    expect(decide({ isSubscribed: true }, "subscriber")).toBeUndefined();
    expect(decide({ isSubscribed: true, user: "" }, "subscriber")).toBeUndefined();
    expect(decide({}, "subscriber")).toBe(ERRORS.permissionDenied);
  });

  test("CHAN-08: everybody where it is insecure", () => {
    expect(decide({ user: "", insecure: true })).toBeUndefined();
  });

  test("CHAN-08: nobody where the feature is off", () => {
    const everything = { ...access, isSubscribed: true, insecure: true };
    expect(may({ ...everything, options: options({ ...allowed("client"), ...allowed("subscriber") }) })).toBe(
      off,
    );
  });
});

describe("what a subscription gets", () => {
  const ask = (positioned: boolean, recoverable: boolean) => ({ positioned, recoverable });

  test.each([
    [{}, ask(true, true), true, ask(false, false)],
    [{ force_recovery: true, force_positioning: true }, ask(true, true), true, ask(false, false)],
    [history, ask(true, true), false, ask(false, false)],
    [history, ask(false, false), true, ask(false, false)],
    [history, ask(true, false), true, ask(true, false)],
    [history, ask(false, true), true, ask(true, true)],
    [{ ...history, allow_positioning: true }, ask(true, true), false, ask(true, false)],
    [{ ...history, allow_positioning: true }, ask(false, false), false, ask(false, false)],
    [{ ...history, allow_recovery: true }, ask(false, true), false, ask(true, true)],
    [{ ...history, allow_recovery: true }, ask(true, false), false, ask(false, false)],
    [{ ...history, force_positioning: true }, ask(false, false), false, ask(true, false)],
    [{ ...history, force_recovery: true }, ask(false, false), false, ask(true, true)],
  ])("CHAN-09: %j, asked %j, may read history %j: %j", (some, request, mayRead, expected) => {
    expect(decidePositioning(options(some), request, mayRead)).toEqual(expected);
  });

  test.each([
    [{}, true, true, false, false],
    [{ force_push_join_leave: true }, true, true, false, false],
    [{ join_leave: true }, false, true, true, false],
    [{ join_leave: true }, true, false, true, false],
    [{ join_leave: true }, true, true, true, true],
    [{ join_leave: true, force_push_join_leave: true }, false, false, true, true],
  ])(
    "CHAN-10: %j, asked %j, may read presence %j: emits %j, receives %j",
    (some, joinLeave, mayRead, emits, receives) => {
      expect(decideJoinLeave(options(some), { joinLeave }, mayRead)).toEqual({ emits, receives });
    },
  );

  test("CHAN-11: a token or hook sets options for one subscription", () => {
    const base = options({ presence: true });
    expect(overrideOptions(base, undefined)).toBe(base);
    expect(overrideOptions(base, {})).toEqual(base);
    expect(
      overrideOptions(base, {
        ...{ presence: false, joinLeave: true, forcePushJoinLeave: true },
        ...{ forceRecovery: true, forcePositioning: true },
      }),
    ).toEqual({
      ...{ ...base, presence: false, join_leave: true, force_push_join_leave: true },
      ...{ force_recovery: true, force_positioning: true },
    });
  });
});

test.each([
  [undefined, "", false],
  [undefined, "json", false],
  ['""', "", true],
  ["[1]", "json", true],
  ["[1]", "json_object", false],
  ['"{"', "json_object", false],
  ["{}", "json_object", true],
  [" {}", "json_object", true],
] as const)("CHAN-12: data %j in format %j is taken: %j", (data, publication_data_format, isTaken) => {
  const result = checkPublicationData(data, options({ publication_data_format }));
  expect(result).toEqual(isTaken ? { kind: "data", data } : { kind: "error", error: ERRORS.badRequest });
});
