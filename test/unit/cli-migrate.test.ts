import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CONNECTION_SETTINGS } from "../../cli/migrate/connection.ts";
import { durationSeconds } from "../../cli/migrate/duration.ts";
import { migrate } from "../../cli/migrate/migrate.ts";
import { PROXIES } from "../../cli/migrate/proxies.ts";
import { parseCentrifugo } from "../../cli/migrate/read-config.ts";
import { TOKEN_CLAIMS, TOKEN_KEYS } from "../../cli/migrate/tokens.ts";
import { asTypeScript } from "../../cli/migrate/typescript.ts";
import { insteadOf, NAMES_WITHOUT_COUNTERPART } from "../../cli/migrate/without-counterpart.ts";
import { resolveConfig } from "../../src/config/config.ts";
import { snippetIn } from "../support/snippets.ts";
import { SECRET } from "../support/tokens.ts";

const guide = await readFile("docs/from-centrifugo.md", "utf8");
const backend = "https://backend.example";

describe("poorwill migrate", () => {
  test("CLI-15: the example of the guide becomes the configuration beside it", () => {
    const { channels, variables, absent } = migrate(JSON.parse(snippetIn(guide, "json centrifugo")));
    const start = "export const config: Config = ";
    const code = `${start}${asTypeScript(channels, "", start.length)};`;
    expect(snippetIn(guide, "ts config.ts")).toContain(code);
    expect(absent).toEqual([]);
    expect(variables.map(({ name, isSecret }) => [name, isSecret])).toEqual([
      ["TOKEN_HMAC_SECRET", true],
      ["API_KEY", true],
      ["ALLOWED_ORIGINS", false],
    ]);
  });

  test("CLI-15: everything that has a place here gets there, and the gateway takes it", () => {
    const proxy = (path: string) => ({
      enabled: true,
      endpoint: `${backend}/${path}`,
      timeout: "500ms",
      http_headers: ["Cookie"],
      include_connection_meta: true,
      http: {
        static_headers: { "X-From": "us" },
        status_to_code_transforms: [{ status_code: 403, to_error: { code: 403, message: "no" } }],
      },
    });
    const { channels, variables, absent, refused } = migrate({
      client: {
        allowed_origins: ["https://app.example.com", "https://*.example.org"],
        token: {
          hmac_secret_key: SECRET,
          hmac_previous_secret_key: SECRET,
          hmac_previous_secret_key_valid_until: 1_800_000_000,
          issuer_regex: "^us$",
          user_id_claim: "uid",
        },
        subscription_token: { enabled: true, hmac_secret_key: SECRET, issuer: "them" },
        allow_anonymous_connect_without_token: true,
        queue_max_size: 100_000,
        ping_interval: "30s",
        pong_timeout: "8s",
        stale_close_delay: "1m",
        expired_close_delay: "25s",
        expired_sub_close_delay: "25s",
        proxy: { connect: proxy("connect"), refresh: { enabled: false, endpoint: "unused" } },
      },
      websocket: { message_size_limit: 65_536 },
      channel: {
        history_meta_ttl: "240h",
        without_namespace: { presence: true, subscribe_proxy_enabled: true },
        namespaces: [
          {
            name: "news",
            history_size: 10,
            history_ttl: "1h30m",
            allow_recovery: false,
            sub_refresh_proxy_enabled: true,
          },
          { name: "chat", subscribe_proxy_enabled: true, subscribe_proxy_name: "default" },
        ],
        proxy: {
          subscribe: { endpoint: `${backend}/subscribe`, http_headers: ["X-Trace"] },
          sub_refresh: { endpoint: `${backend}/again` },
        },
      },
      rpc: { proxy: { endpoint: `${backend}/rpc` }, namespaces: [{ name: "math", proxy_enabled: true }] },
    });
    expect(channels).toEqual({
      connection: {
        allowAnonymous: true,
        queueSize: 100_000,
        pingInterval: 30,
        staleCloseDelay: 60,
        expiredCloseDelay: 25,
        messageSizeLimit: 65_536,
      },
      tokens: { issuerRegex: "^us$", userIdClaim: "uid", hmacPreviousSecretValidUntil: 1_800_000_000 },
      subscriptionTokens: { hmacSecret: "SUBSCRIPTION_TOKEN_HMAC_SECRET", issuer: "them" },
      withoutNamespace: { presence: true },
      namespaces: [
        { name: "news", history_meta_ttl: 864_000, history_size: 10, history_ttl: 5400 },
        { name: "chat" },
      ],
      proxy: {
        connect: { endpoint: `${backend}/connect`, timeout: 0.5 },
        subscribe: { endpoint: `${backend}/subscribe`, namespaces: ["", "chat"] },
        sub_refresh: { endpoint: `${backend}/again` },
        rpc: { endpoint: `${backend}/rpc` },
        http_headers: ["Cookie", "X-Trace"],
        static_headers: { "X-From": "us" },
        status_to_code_transforms: [{ status_code: 403, to_error: { code: 403, message: "no" } }],
        include_connection_meta: true,
      },
    });
    expect(refused).toEqual([]);
    // Here, all channels are asked about.
    expect(absent.map(({ key }) => key)).toEqual(["channel.proxy.sub_refresh.endpoint"]);
    const env = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
    expect(env.ALLOWED_ORIGINS).toBe("https://app.example.com, https://*.example.org");
    expect(() => resolveConfig(channels, env)).not.toThrow();
  });

  test("CLI-16: what has no counterpart is listed, with what there is instead", () => {
    const { absent } = migrate({
      admin: { enabled: true, password: "secret" },
      health: { enabled: true },
      client: {
        presence_update_interval: "27s",
        pong_timeout: "0s",
        expired_sub_close_delay: "10s",
        channel_limit: "many",
      },
      channel: {
        namespaces: [
          { name: "news", delta_publish: true, publish_proxy_enabled: true, publish_proxy_name: "mine" },
        ],
        proxy: { subscribe_stream: { endpoint: "grpc://x" } },
      },
      proxies: [{ name: "mine", endpoint: "grpc://y" }],
    });
    const byKey = Object.fromEntries(absent.map(({ key, instead }) => [key, instead]));
    expect(byKey).toMatchObject({
      "admin.enabled": "metrics, and `info` of the API",
      "health.enabled": "`/healthz` is always there",
      "client.presence_update_interval": "nothing here has this name",
      "client.expired_sub_close_delay": expect.stringContaining("one delay"),
      "client.channel_limit": "is not a number",
      "channel.namespaces[0].delta_publish": "publications are always whole",
      "channel.namespaces[0].publish_proxy_name": expect.stringContaining("a hook can choose"),
      "channel.proxy.subscribe_stream.endpoint": expect.stringContaining("HTTP"),
      "proxies[0].name": expect.stringContaining("a hook can choose"),
    });
    expect(Object.values(byKey).join()).not.toContain("secret");
  });

  test("CLI-16: what is asked of a backend that cannot be asked is listed", () => {
    const { channels, absent } = migrate({
      client: { proxy: { connect: { enabled: true, endpoint: "grpc://x" }, refresh: { enabled: true } } },
    });
    expect(channels.proxy).toBeUndefined();
    expect(absent).toEqual([
      { key: "client.proxy.connect.endpoint", instead: "a backend is asked over HTTP" },
      { key: "client.proxy.refresh.endpoint", instead: "there is no endpoint to ask" },
    ]);
  });

  test("CLI-16: no part of a configuration is lost unseen", () => {
    const leaf = fc.oneof(fc.integer({ min: 1 }), fc.string({ minLength: 1 }), fc.constant(true));
    const key = fc.string({ minLength: 1 }).filter((name) => /^[a-z_]+$/.test(name));
    const section = fc.constantFrom("client", "channel", "rpc", "websocket", "other");
    fc.assert(
      fc.property(section, key, leaf, (name, unknown, value) => {
        const odd = `x_${unknown}`;
        const { absent } = migrate({ [name]: { [odd]: value } });
        expect(absent).toEqual([{ key: `${name}.${odd}`, instead: insteadOf(`${name}.${odd}`) }]);
      }),
    );
  });

  test("CLI-16: a namespace without a name is not that of channels without one", () => {
    const { channels, absent } = migrate({ channel: { namespaces: [{ presence: true }] } });
    expect(channels).toEqual({});
    expect(absent.map(({ key }) => key)).toEqual(["channel.namespaces[0].presence"]);
  });

  test("CLI-16: any value at any place is carried over, listed or refused, and never a failure", () => {
    const places = [
      ...CONNECTION_SETTINGS.map(([path]) => path),
      ...Object.values(PROXIES).flatMap((path) => [
        path,
        `${path}.endpoint`,
        `${path}.http`,
        `${path}.http_headers`,
      ]),
      ...Object.values(PROXIES).map((path) => `${path}.http.status_to_code_transforms`),
      ...[
        "client",
        "client.token",
        "client.token.hmac_secret_key",
        "client.subscription_token",
        "client.allowed_origins",
      ],
      ...[
        "channel",
        "channel.namespaces",
        "channel.without_namespace",
        "rpc",
        "rpc.namespaces",
        "http_api.key",
      ],
    ];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...places), fc.jsonValue()), { maxLength: 6 }),
        (changes) => {
          const config = asking();
          for (const [path, value] of changes) setAt(config, path.split("."), value);
          expect(migrate(config).channels).toBeTypeOf("object");
        },
      ),
      { numRuns: 500 },
    );
  });

  test("CLI-17: what the gateway would refuse is listed as it would say it", () => {
    const { refused } = migrate({
      client: { token: { hmac_secret_key: "short" }, allowed_origins: ["app.example.com"] },
      channel: { namespaces: [{ name: "news", history_size: 10 }] },
    });
    expect(refused.map(({ key }) => key).sort()).toEqual([
      "ALLOWED_ORIGINS",
      "namespaces[0].history_size",
      "tokens.hmacSecret",
    ]);
    expect(refused.map(({ message }) => message).join()).not.toContain('short"');
  });

  test("CLI-15: JSON, YAML and TOML say the same", () => {
    const config = { channel: { namespaces: [{ name: "news", history_size: 10, history_ttl: "60s" }] } };
    const toml = '[[channel.namespaces]]\nname = "news"\nhistory_size = 10\nhistory_ttl = "60s"\n';
    const yaml =
      "channel:\n  namespaces:\n    - name: news\n      history_size: 10\n      history_ttl: 60s\n";
    const texts = {
      "config.json": JSON.stringify(config),
      "config.toml": toml,
      "config.yaml": yaml,
      "config.yml": yaml,
    };
    for (const [file, text] of Object.entries(texts))
      expect(migrate(parseCentrifugo(file, text)).channels).toEqual({
        namespaces: [{ name: "news", history_size: 10, history_ttl: 60 }],
      });
  });

  test.each([
    ["config.json", "{", /^config\.json: /],
    ["config.json", "[]", "is no configuration"],
    ["config.yaml", "a: &x\n  b: *x\n", "circular"],
    ["config.toml", "a = ", /^config\.toml: /],
    ["config.yaml", "a: [", /^config\.yaml: /],
    ["config.ini", "", "must be .json, .toml, .yaml or .yml"],
  ])("CLI-17: %s with %j is refused", (file, text, message) => {
    expect(() => parseCentrifugo(file, text)).toThrow(message);
  });

  test("CLI-17: a configuration before version 6 has other names, and is refused", () => {
    expect(() => migrate({ token_hmac_secret_key: SECRET })).toThrow("before 6");
  });

  test.each([
    ["300s", 300],
    ["1h30m", 5400],
    ["500ms", 0.5],
    ["0s", 0],
    [0, 0],
    ["5", undefined],
    ["soon", undefined],
    [5, undefined],
  ])("CLI-15: the duration %j has %j seconds", (duration, seconds) => {
    expect(durationSeconds(duration)).toBe(seconds);
  });

  test("CLI-15: long values are broken as a formatter does, and odd keys are quoted", () => {
    const long = { key: "x".repeat(60), other: "y".repeat(60) };
    expect(asTypeScript({ "a-b": [long], c: {} })).toBe(
      `{\n  "a-b": [\n    {\n      key: "${long.key}",\n      other: "${long.other}",\n    },\n  ],\n  c: {},\n}`,
    );
  });

  test("CLI-18: the guide names everything that migrate knows, and migrate knows what the guide names", () => {
    const known = [
      ...CONNECTION_SETTINGS.map(([path]) => path),
      ...TOKEN_KEYS.map(([key]) => key),
      ...Object.keys(TOKEN_CLAIMS),
      ...Object.values(PROXIES),
      ...NAMES_WITHOUT_COUNTERPART,
    ];
    const named = new Set([...guide.matchAll(/`([^`\n]+)`/g)].flatMap(([, name = ""]) => name.split(".")));
    for (const name of known) expect([...named], name).toContain(name.split(".").at(-1));

    const words = new Set(known.flatMap((name) => name.split(".")));
    const rows = guide.split("## Where each part goes")[1]?.split("### Server side")[0] ?? "";
    const theirs = [...rows.matchAll(/^\|([^|]*)\|[^|]*\|[^|]*\|$/gm)].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`([a-z_.]+)`/g)].map(([, name = ""]) => name),
    );
    const { channels, absent } = migrate({});
    expect([channels, absent]).toEqual([{}, []]);
    expect(theirs.length).toBeGreaterThan(40);
    const elsewhere = new Set(OTHERS);
    for (const name of theirs)
      expect(words.has(name.split(".").at(-1) ?? "") || elsewhere.has(name), name).toBe(true);
  });
});

/** What `migrate` reads by a way of its own; the tests above have each of them. */
const OTHERS: readonly string[] = [
  "client.allowed_origins",
  "client.subscription_token",
  "client.subscribe_to_user_personal_channel",
  "expired_sub_close_delay",
  "client.pong_timeout",
  "channel.namespaces",
  "channel.without_namespace",
  "channel.history_meta_ttl",
  "subscribe_proxy_enabled",
  "publish_proxy_enabled",
  "sub_refresh_proxy_enabled",
  "rpc.namespaces",
  "http_headers",
  "include_connection_meta",
  "binary_encoding",
  "http.static_headers",
  "http.status_to_code_transforms",
];

/** A configuration that asks a backend about everything, so that each of its settings is read. */
const asking = (): Record<string, unknown> => ({
  client: { proxy: { connect: proxyOf(), refresh: proxyOf() } },
  channel: {
    without_namespace: {
      subscribe_proxy_enabled: true,
      publish_proxy_enabled: true,
      sub_refresh_proxy_enabled: true,
    },
    proxy: { subscribe: proxyOf(), publish: proxyOf(), sub_refresh: proxyOf() },
  },
  rpc: { proxy: proxyOf(), without_namespace: { proxy_enabled: true } },
});

const proxyOf = () => ({ enabled: true, endpoint: backend, http: {} });

function setAt(value: Record<string, unknown>, [key = "", ...rest]: readonly string[], to: unknown): void {
  if (rest.length === 0) value[key] = to;
  else if (typeof value[key] === "object" && value[key] !== null) {
    setAt(value[key] as Record<string, unknown>, rest, to);
  }
}
