import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { parseChannel } from "../../src/channels/names.ts";
import { mayPublish, mayReadHistory, mayReadPresence, maySubscribe } from "../../src/channels/permissions.ts";
import { type Config, resolveConfig } from "../../src/config/config.ts";
import { development as preset } from "../../src/config/development.ts";

const development = { ENVIRONMENT: "development" };
/** What `src/config.ts` holds until somebody changes it. */
const shipped: Config = { namespaces: [], development: preset };
const errorOf = (config: unknown, env: Record<string, unknown> = {}) => {
  try {
    resolveConfig(config as Config, env);
    return undefined;
  } catch (error) {
    return String(error);
  }
};

describe("out of the box", () => {
  test("CONF-03: in development anybody may use the namespace public", () => {
    const { connection, namespaces } = resolveConfig(shipped, development);
    const channel = parseChannel("public:hello");
    const options = namespaces.optionsOf(channel);
    if (options === undefined) throw new Error("no namespace public");
    const access = { user: "", isSubscribed: false, options, insecure: false };
    expect(connection.allowAnonymous).toBe(true);
    expect(maySubscribe({ ...access, channel, hasToken: false, hasHook: false })).toEqual({ kind: "allow" });
    expect(mayPublish(access)).toBeUndefined();
    expect(mayReadPresence(access)).toBeUndefined();
    expect(mayReadHistory(access)).toBeUndefined();
    expect(options).toMatchObject({
      history_size: 100,
      history_ttl: 300,
      force_recovery: true,
      join_leave: true,
    });
  });

  test.each([{}, { ENVIRONMENT: "production" }, { ENVIRONMENT: "Development" }])(
    "CONF-03: under %j nothing is anonymous",
    (env) => {
      const { connection, namespaces } = resolveConfig(shipped, env);
      expect(connection).toMatchObject({ allowAnonymous: false, insecure: false });
      expect(namespaces.optionsOf(parseChannel("public:hello"))).toBeUndefined();
      expect(namespaces.optionsOf(parseChannel("hello"))).toBeUndefined();
    },
  );

  test("CONF-04: connections have defaults", () => {
    expect(resolveConfig({}, {}).connection).toEqual({
      ...{
        pingInterval: 25,
        pong: true,
        protobufPong: false,
        staleCloseDelay: 10,
        expiredCloseDelay: 25,
        channelLimit: 128,
      },
      ...{ queueSize: 1_048_576, userConnectionLimit: 1_000, allowAnonymous: false, insecure: false },
      userCommands: false,
      messageSizeLimit: 524_288,
      commandRate: { perSecond: 100, burst: 1_000 },
      historyMaxPublicationLimit: 300,
      recoveryMaxPublicationLimit: 300,
      replyMaxLength: 4_000_000,
      byteRate: { perSecond: 1_048_576, burst: 2_097_152 },
      personalChannel: { enabled: false, namespace: "" },
    });
  });
});

describe("development", () => {
  const config: Config = {
    connection: { pingInterval: 30, channelLimit: 5, personalChannel: { namespace: "own" } },
    namespaces: [{ name: "chat", presence: true, join_leave: true }, { name: "own" }],
    development: {
      connection: { pingInterval: 5, personalChannel: { enabled: true } },
      namespaces: [{ name: "chat", allow_publish_for_client: true }],
    },
  };

  test("CONF-05: its settings go over the others, its namespaces replace those of the same name", () => {
    const { connection, namespaces } = resolveConfig(config, development);
    expect(connection).toMatchObject({ pingInterval: 5, channelLimit: 5 });
    expect(connection.personalChannel).toEqual({ enabled: true, namespace: "own" });
    expect(namespaces.optionsOf(parseChannel("chat:1"))).toMatchObject({
      presence: false,
      allow_publish_for_client: true,
    });
    expect(namespaces.optionsOf(parseChannel("own:1"))).toBeDefined();
  });

  test("CONF-05: elsewhere they do not count", () => {
    const { connection, namespaces } = resolveConfig(config, {});
    expect(connection).toMatchObject({
      pingInterval: 30,
      personalChannel: { enabled: false, namespace: "own" },
    });
    expect(namespaces.optionsOf(parseChannel("chat:1"))).toMatchObject({
      presence: true,
      allow_publish_for_client: false,
    });
  });

  test("CONF-05: they are checked everywhere", () => {
    expect(errorOf({ development: { namespaces: [{ name: "chat", history_size: 1 }] } })).toContain(
      "development.namespaces[0].history_size: ",
    );
  });

  test("CONF-04: undefined is no setting", () => {
    const settings = { connection: { pingInterval: undefined, personalChannel: { enabled: undefined } } };
    expect(resolveConfig(settings as unknown as Config, {}).connection).toEqual(
      resolveConfig({}, {}).connection,
    );
  });
});

function publicKey(modulusLength: number): string {
  const { publicKey: key } = generateKeyPairSync("rsa", { modulusLength });
  return String(key.export({ type: "spki", format: "pem" }));
}

function curveKey(): string {
  const { publicKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return String(key.export({ type: "spki", format: "pem" }));
}

describe("tokens", () => {
  const [first, second] = [
    "the default secret of the test, long",
    "the other secret of the test, long enough",
  ];
  const env = { TOKEN_HMAC_SECRET: first, OTHER: second, EMPTY: "", BUCKET: {} };

  test("CONF-06: keys come from the environment, by the default names", () => {
    expect(resolveConfig({}, {}).tokens).toEqual({});
    expect(resolveConfig({}, env).tokens).toEqual({ hmacSecret: first });
    const [rsaPublicKey, ecdsaPublicKey] = [publicKey(2048), curveKey()];
    const all = {
      ...{ TOKEN_HMAC_SECRET: first, TOKEN_HMAC_PREVIOUS_SECRET: second, TOKEN_RSA_PUBLIC_KEY: rsaPublicKey },
      ...{ TOKEN_ECDSA_PUBLIC_KEY: ecdsaPublicKey, TOKEN_JWKS_ENDPOINT: "https://issuer.example/keys" },
    };
    expect(resolveConfig({}, all).tokens).toEqual({
      ...{ hmacSecret: first, hmacPreviousSecret: second, rsaPublicKey, ecdsaPublicKey },
      jwksEndpoint: "https://issuer.example/keys",
    });
  });

  test("CONF-06: or by names of one's own, beside what is no secret", () => {
    const tokens = { hmacSecret: "OTHER", audience: "chat", hmacPreviousSecretValidUntil: 5 };
    expect(resolveConfig({ tokens }, env).tokens).toEqual({ ...tokens, hmacSecret: second });
  });

  test("CONF-06: subscription tokens have the same keys unless they have their own", () => {
    expect(resolveConfig({}, env).subscriptionTokens).toEqual({ hmacSecret: first });
    expect(resolveConfig({ subscriptionTokens: { hmacSecret: "OTHER" } }, env)).toMatchObject({
      tokens: { hmacSecret: first },
      subscriptionTokens: { hmacSecret: second },
    });
  });

  test.each(["MISSING", "EMPTY", "BUCKET"])(
    "CONF-06: a binding that is named must be text: %s",
    (binding) => {
      expect(errorOf({ tokens: { hmacSecret: binding } }, env)).toContain(
        `tokens.hmacSecret: the environment binding ${binding}`,
      );
    },
  );

  test("CONF-06: no error tells a secret", () => {
    expect(errorOf({ tokens: { hmacSecret: "TOKEN_HMAC_SECRET", audience: 5 } }, env)).not.toContain(first);
  });
});

test.each<[string, object, string]>([
  ["TOKEN_HMAC_SECRET", {}, "tokens.hmacSecret"],
  ["TOKEN_HMAC_PREVIOUS_SECRET", {}, "tokens.hmacPreviousSecret"],
  [
    "BACKEND_SIGNATURE_SECRET",
    { proxy: { rpc: { endpoint: "https://a.example" } } },
    "proxy.signatureSecret",
  ],
  [
    "EVENTS_SECRET",
    { events: { webhook: "https://a.example", kinds: ["member.left"], signatureSecret: "EVENTS_SECRET" } },
    "events.signatureSecret",
  ],
])("CONF-22: a secret of 31 bytes in %s is refused, and one of 32 is taken", (binding, config, key) => {
  expect(errorOf(config, { [binding]: "é".repeat(16) })).toBeUndefined();
  const error = errorOf(config, { [binding]: "private".padEnd(31, "x") });
  expect(error).toContain(
    `configuration: ${key}: the environment binding ${binding} has fewer than 32 bytes`,
  );
  expect(error).not.toContain("private");
});

describe("everything that is wrong", () => {
  test("CONF-23: is told at once, each with its key", () => {
    const config = {
      connection: { pingInterval: "25s", color: "red" },
      namespaces: [
        { name: "chat", history_size: 10 },
        { name: "chat", force_recovery: true, force_push_join_leave: true },
      ],
      tokens: { hmacSecret: "MISSING", rsaPublicKey: "EMPTY" },
      subscriptionTokens: { issuerRegex: "^(a+)+$" },
      proxy: {
        rpc: { endpoint: "http://a.example" },
        publish: { endpoint: "NOWHERE", namespaces: ["chat", "other", ""] },
      },
      events: { webhook: "ftp://a.example", kinds: ["member.left"], queue: "EMPTY" },
    };
    const message = errorOf(config, {
      EMPTY: "",
      ALLOWED_ORIGINS: "app.example.com https://ok.example *.com",
    });
    const keys = [...(message ?? "").matchAll(/^(?:ConfigError: )?configuration: ([^:]+):/gm)].map(
      ([, key]) => key,
    );
    expect(keys.toSorted()).toEqual(
      [
        "connection.pingInterval",
        "connection.color",
        "namespaces[0].history_size",
        "namespaces[1].name",
        "namespaces[1].force_recovery",
        "namespaces[1].force_push_join_leave",
        "tokens.hmacSecret",
        "tokens.rsaPublicKey",
        "subscriptionTokens.issuerRegex",
        "proxy.rpc.endpoint",
        "proxy.publish.endpoint",
        "proxy.publish.namespaces[1]",
        "proxy.publish.namespaces[2]",
        "events.webhook",
        "events.queue",
        "ALLOWED_ORIGINS",
        "ALLOWED_ORIGINS",
      ].toSorted(),
    );
  });

  test("CONF-23: what follows from another error is not told", () => {
    const message = errorOf({
      connection: { personalChannel: { enabled: true, namespace: "inbox" } },
      namespaces: [{ name: "inbox", color: "red" }],
      proxy: { publish: { endpoint: "https://a.example", namespaces: ["inbox"] } },
    });
    expect(message?.split("\n")).toEqual([expect.stringContaining("namespaces[0].color")]);
  });
});

describe("a key that cannot be one", () => {
  test.each<[string, object, string]>([
    ["TOKEN_RSA_PUBLIC_KEY", {}, "tokens.rsaPublicKey"],
    ["TOKEN_ECDSA_PUBLIC_KEY", {}, "tokens.ecdsaPublicKey"],
    ["TOKEN_JWKS_ENDPOINT", {}, "tokens.jwksEndpoint"],
    ["OTHER", { subscriptionTokens: { jwksEndpoint: "OTHER" } }, "subscriptionTokens.jwksEndpoint"],
  ])("CONF-12: in %s is told of with its binding and without its value", (binding, config, key) => {
    const error = errorOf(config, { [binding]: "PRIVATE" });
    expect(error).toContain(`configuration: ${key}: the environment binding ${binding} is not a`);
    expect(error).not.toContain("PRIVATE");
  });
});

describe("a wrong configuration names its key", () => {
  const allowed = "connection, withoutNamespace, namespaces";
  test.each([
    [{ connections: {} }, `connections: there is no such key; allowed are ${allowed}, tokens, `],
    [{ connection: { ping: 5 } }, "connection.ping: there is no such key; allowed are pingInterval, pong, "],
    [
      { namespaces: [{ name: "chat", presense: true }] },
      "namespaces[0].presense: there is no such key; allowed are name, ",
    ],
    [
      { connection: { personalChannel: { on: true } } },
      "connection.personalChannel.on: there is no such key; allowed are enabled, namespace",
    ],
    [
      { connection: { commandRate: { perSecond: 1, burst: 1, per: 1 } } },
      "connection.commandRate.per: there is no such key; allowed are perSecond, burst",
    ],
    [
      { connection: { pingInterval: "25s" } },
      "connection.pingInterval: Invalid type: Expected number (seconds)",
    ],
    [
      { connection: { staleCloseDelay: "1" } },
      "connection.staleCloseDelay: Invalid type: Expected number (seconds)",
    ],
    [
      { proxy: { rpc: { endpoint: "https://backend.example", timeout: "1s" } } },
      "proxy.rpc.timeout: Invalid type: Expected number (seconds)",
    ],
    [
      { events: { webhook: "https://backend.example", kinds: ["member.left"], sweepInterval: "1m" } },
      "events.sweepInterval: Invalid type: Expected number (seconds)",
    ],
    [
      { tokens: { hmacPreviousSecretValidUntil: "2027-01-01" } },
      "tokens.hmacPreviousSecretValidUntil: Invalid type: Expected number (seconds)",
    ],
    [{ connection: { pingInterval: 0 } }, "connection.pingInterval"],
    [{ connection: { pingInterval: 86_401 } }, "connection.pingInterval"],
    [{ connection: { pong: 1 } }, "connection.pong"],
    [{ connection: { channelLimit: 0 } }, "connection.channelLimit"],
    [
      { connection: { personalChannel: { enabled: true } } },
      "connection.personalChannel.namespace: needs the name of a namespace, or `withoutNamespace`",
    ],
    [
      { connection: { personalChannel: { enabled: true, namespace: "own" } } },
      'connection.personalChannel.namespace: there is no namespace "own"',
    ],
    [{ connection: { personalChannel: true } }, "connection.personalChannel"],
    [{ tokens: { secret: "x" } }, "tokens.secret: there is no such key"],
    [{ tokens: { audienceRegex: "(" } }, "tokens.audienceRegex"],
    [{ tokens: { audienceRegex: "^(a+)+$" } }, "tokens.audienceRegex"],
    [{ subscriptionTokens: { issuerRegex: "^(a|a)*$" } }, "subscriptionTokens.issuerRegex"],
    [{ subscriptionTokens: { issuer: 1 } }, "subscriptionTokens.issuer"],
    [{ namespaces: [{ name: "chat", presence: 1 }] }, "namespaces[0].presence"],
    [{ development: { tokens: {} } }, `development.tokens: there is no such key; allowed are ${allowed}`],
    [{ hooks: { disconnect() {} } }, "hooks.disconnect: there is no such key"],
    [{ hooks: { rpc: "x" } }, "hooks.rpc"],
  ])("CONF-01: %j", (config, key) => {
    expect(errorOf(config)).toContain(`configuration: ${key}`);
  });

  test("CONF-07: hooks are kept as they are given", () => {
    const hooks = { rpc: () => undefined };
    expect(resolveConfig({ hooks }, {}).hooks).toBe(hooks);
    expect(resolveConfig({}, {}).hooks).toEqual({});
  });
});
