import { describe, expect, test } from "vitest";
import { parseChannel } from "../../src/channels/names.ts";
import { createNamespaces, hasHistory, type NamespacesConfig } from "../../src/channels/namespaces.ts";
import { DEFAULT_OPTIONS } from "../../src/channels/option-schema.ts";

const history = { history_size: 10, history_ttl: 60 };
const errorOf = (config: unknown) => {
  try {
    createNamespaces(config as NamespacesConfig);
    return undefined;
  } catch (error) {
    return String(error);
  }
};

describe("which options a channel has", () => {
  const namespaces = createNamespaces({
    withoutNamespace: { presence: true },
    namespaces: [{ name: "chat", ...history, channel_regex: "^[a-zé]+$" }, { name: "__proto__" }],
  });
  const optionsOf = (name: string) => namespaces.optionsOf(parseChannel(name));

  test("CHAN-04: those of its namespace, all else being off", () => {
    expect(optionsOf("chat:a")).toEqual({ ...DEFAULT_OPTIONS, ...history, channel_regex: "^[a-zé]+$" });
    expect(optionsOf("$chat:a")).toBe(optionsOf("chat:b"));
    expect(optionsOf("news")).toEqual({ ...DEFAULT_OPTIONS, presence: true });
    expect(
      Object.values(DEFAULT_OPTIONS).filter((value) => value !== false && value !== 0 && value !== ""),
    ).toEqual([720 * 3600, "stream"]);
  });

  test("CHAN-04: none where there is no such namespace", () => {
    expect(optionsOf("Chat:a")).toBeUndefined();
    expect(optionsOf("constructor:a")).toBeUndefined();
    expect(optionsOf("__proto__:a")).toEqual(DEFAULT_OPTIONS);
    expect(createNamespaces({}).optionsOf(parseChannel("news"))).toBeUndefined();
    expect(
      createNamespaces({ namespaces: [{ name: "chat" }] }).optionsOf(parseChannel("news")),
    ).toBeUndefined();
  });

  test("CHAN-02: a name is checked by its namespace's expression, elsewhere it is ASCII", () => {
    expect(namespaces.checkName(parseChannel("chat:é"))).toBe("ok");
    expect(namespaces.checkName(parseChannel("chat:1"))).toBe("bad characters");
    expect(namespaces.checkName(parseChannel("news:é"))).toBe("bad characters");
  });

  test("CHAN-05: history needs a size and a time", () => {
    expect(hasHistory({ ...DEFAULT_OPTIONS, ...history })).toBe(true);
    expect(hasHistory({ ...DEFAULT_OPTIONS, history_size: 1 })).toBe(false);
    expect(hasHistory({ ...DEFAULT_OPTIONS, history_ttl: 1 })).toBe(false);
  });
});

describe("a wrong configuration names its key", () => {
  test.each([
    [{ namespaces: [{ name: "chat", history_size: -1 }] }, "namespaces[0].history_size"],
    [{ namespaces: [{ name: "chat", history_size: 1.5 }] }, "namespaces[0].history_size"],
    [{ namespaces: [{ name: "chat", history_size: 100_001, history_ttl: 1 }] }, "namespaces[0].history_size"],
    [{ namespaces: [{ name: "chat", presence: "yes" }] }, "namespaces[0].presence"],
    [
      { namespaces: [{ name: "chat", history_ttl: "300s" }] },
      'namespaces[0].history_ttl: Invalid type: Expected number (seconds) but received "300s"',
    ],
    [
      { namespaces: [{ name: "ok" }, { name: "chat", presense: true }] },
      "namespaces[1].presense: there is no such key",
    ],
    [{ namespaces: [{ presence: true }] }, "namespaces[0].name"],
    [{ namespaces: [{ name: "c" }] }, "namespaces[0].name"],
    [{ namespaces: [{ name: "chat:1" }] }, "namespaces[0].name"],
    [{ namespaces: [{ name: "chat" }, { name: "chat" }] }, "namespaces[1].name"],
    [{ namespaces: {} }, "namespaces"],
    [{ namespace: [] }, "namespace: there is no such key; allowed are withoutNamespace, namespaces"],
    [{ withoutNamespace: { name: "chat" } }, "withoutNamespace.name: there is no such key"],
    [{ withoutNamespace: { force_recovery_mode: "both" } }, "withoutNamespace.force_recovery_mode"],
    [{ withoutNamespace: { publication_data_format: "xml" } }, "withoutNamespace.publication_data_format"],
    [{ withoutNamespace: { channel_regex: "(" } }, "withoutNamespace.channel_regex"],
    [{ namespaces: [{ name: "chat", channel_regex: "^(a+)+$" }] }, "namespaces[0].channel_regex"],
  ])("CONF-01: %j", (config, key) => {
    expect(errorOf(config)).toContain(`configuration: ${key}`);
  });

  test.each([
    [{ history_size: 1 }, "history_size"],
    [{ history_ttl: 1 }, "history_ttl"],
    [{ ...history, history_meta_ttl: 59 }, "history_ttl"],
    ...["force_positioning", "allow_positioning", "force_recovery", "allow_recovery"].map(
      (key) => [{ [key]: true }, key] as const,
    ),
    [{ auto_cache_recover: true }, "auto_cache_recover"],
    [{ ...history, auto_cache_recover: true }, "auto_cache_recover"],
    [{ force_recovery_mode: "cache" }, "force_recovery_mode"],
    [{ force_push_join_leave: true }, "force_push_join_leave"],
    [{ allow_presence_for_client: true }, "allow_presence_for_client"],
    [{ allow_presence_for_subscriber: true }, "allow_presence_for_subscriber"],
    [{ allow_history_for_client: true }, "allow_history_for_client"],
    [{ allow_history_for_subscriber: true }, "allow_history_for_subscriber"],
    [{ allow_subscribe_for_anonymous: true }, "allow_subscribe_for_anonymous"],
    [{ allow_publish_for_anonymous: true }, "allow_publish_for_anonymous"],
    [{ presence: true, allow_presence_for_anonymous: true }, "allow_presence_for_anonymous"],
    [{ ...history, allow_history_for_anonymous: true }, "allow_history_for_anonymous"],
  ] as const)("CONF-02: %j does nothing", (options, key) => {
    expect(errorOf({ namespaces: [{ name: "chat", ...options }] })).toContain(`namespaces[0].${key}: `);
  });

  test.each([
    {},
    { ...history, history_meta_ttl: 60 },
    { ...history, force_recovery: true, force_recovery_mode: "cache", auto_cache_recover: true },
    { presence: true, join_leave: true, force_push_join_leave: true, allow_presence_for_subscriber: true },
    { allow_publish_for_client: true, allow_publish_for_anonymous: true },
    { presence: undefined, history_size: undefined },
  ] as const)("CONF-02: %j is sound", (options) => {
    expect(errorOf({ namespaces: [{ name: "chat", ...options }] })).toBeUndefined();
  });
});
