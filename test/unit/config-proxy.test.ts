import { describe, expect, test } from "vitest";
import { type Config, resolveConfig } from "../../src/config/config.ts";

const BACKEND = "https://backend.example";
const rpc = { endpoint: BACKEND };
const webhook = BACKEND;
const kinds = ["member.joined"] as const;

function refusal(config: object, env: object = {}): string {
  try {
    resolveConfig(config as Config, env);
  } catch (failure) {
    return (failure as Error).message;
  }
  return "accepted";
}

describe("the proxy's configuration", () => {
  test("PROXY-20: settings that are left out have defaults", () => {
    const { proxy } = resolveConfig(
      {
        namespaces: [{ name: "chat" }],
        proxy: { rpc, publish: { endpoint: BACKEND, timeout: 2.5, namespaces: ["chat"] } },
      },
      {},
    );
    expect(proxy).toEqual({
      endpoints: {
        rpc: { address: `${BACKEND}/`, timeout: 1_000, namespaces: undefined },
        publish: { address: `${BACKEND}/`, timeout: 2_500, namespaces: ["chat"] },
      },
      httpHeaders: [],
      staticHeaders: {},
      includesMeta: false,
      isBinary: false,
      transforms: new Map(),
      secret: undefined,
    });
    expect(resolveConfig({}, {}).proxy).toBeUndefined();
  });

  test("PROXY-20: addresses and secrets may be in the environment", () => {
    const env = {
      RPC_URL: "http://127.0.0.1:3000/rpc",
      BACKEND_SIGNATURE_SECRET: "1".repeat(32),
      OTHER: "2".repeat(32),
    };
    expect(resolveConfig({ proxy: { rpc: { endpoint: "RPC_URL" } } }, env).proxy).toMatchObject({
      endpoints: { rpc: { address: "http://127.0.0.1:3000/rpc" } },
      secret: "1".repeat(32),
    });
    expect(resolveConfig({ proxy: { rpc, signatureSecret: "OTHER" } }, env).proxy?.secret).toBe(
      "2".repeat(32),
    );
  });

  test.each<[string, object, string]>([
    ["an unknown key", { rpcs: rpc }, "proxy.rpcs"],
    ["no endpoint", { rpc: {} }, "proxy.rpc.endpoint"],
    ["plain HTTP", { rpc: { endpoint: "http://backend.example" } }, "proxy.rpc.endpoint"],
    [
      "a host that only begins like this machine",
      { rpc: { endpoint: "http://127.0.0.1.example" } },
      "proxy.rpc.endpoint",
    ],
    ["a password in an address", { rpc: { endpoint: "https://a:b@backend.example" } }, "proxy.rpc.endpoint"],
    ["no address", { connect: { endpoint: "https://" } }, "proxy.connect.endpoint"],
    ["a binding that is missing", { sub_refresh: { endpoint: "MISSING" } }, "proxy.sub_refresh.endpoint"],
    ["a timeout of 0", { rpc: { endpoint: BACKEND, timeout: 0 } }, "proxy.rpc.timeout"],
    ["a timeout as text", { rpc: { endpoint: BACKEND, timeout: "1s" } }, "proxy.rpc.timeout"],
    ["a timeout of a minute", { rpc: { endpoint: BACKEND, timeout: 60 } }, "proxy.rpc.timeout"],
    [
      "namespaces where there is no channel",
      { rpc: { endpoint: BACKEND, namespaces: [] } },
      "proxy.rpc.namespaces",
    ],
    ["a header of the connection", { http_headers: ["Cookie", "Content-Length"] }, "proxy.http_headers[1]"],
    [
      "the signature as a header",
      { static_headers: { "x-poorwill-signature": "t" } },
      "proxy.static_headers.x-poorwill-signature",
    ],
    ["a header of two lines", { static_headers: { a: "b\r\nc: d" } }, "proxy.static_headers.a"],
    [
      "a code out of range",
      { status_to_code_transforms: [{ status_code: 404, to_error: { code: 4, message: "m" } }] },
      "proxy.status_to_code_transforms[0].to_error.code",
    ],
    [
      "a transform of 200",
      { status_to_code_transforms: [{ status_code: 200, to_error: { code: 404, message: "m" } }] },
      "proxy.status_to_code_transforms[0].status_code",
    ],
    [
      "a transform to nothing",
      { status_to_code_transforms: [{ status_code: 404 }] },
      "proxy.status_to_code_transforms[0]",
    ],
    ["a secret that is missing", { signatureSecret: "MISSING" }, "proxy.signatureSecret"],
    ["a secret that is too short", { signatureSecret: "SHORT" }, "proxy.signatureSecret"],
  ])("PROXY-20: %s is an error that names the key", (_, proxy, key) => {
    expect(refusal({ proxy }, { SHORT: "x".repeat(31) })).toContain(`configuration: ${key}:`);
  });
});

describe("the namespaces that a backend is asked about or told of", () => {
  const endpoint = BACKEND;
  const lists = (namespaces: readonly string[]) => [
    ["proxy.subscribe", { proxy: { subscribe: { endpoint, namespaces } } }] as const,
    ["proxy.publish", { proxy: { publish: { endpoint, namespaces } } }] as const,
    ["events", { events: { webhook, kinds, namespaces } }] as const,
  ];

  test.each(lists(["chat", "nope"]))("CONF-13: one that %s names must be there", (key, config) => {
    expect(refusal({ ...config, namespaces: [{ name: "chat" }] })).toBe(
      `configuration: ${key}.namespaces[1]: there is no namespace "nope"`,
    );
  });

  test.each(lists([""]))("CONF-13: for channels without one, %s needs withoutNamespace", (key, config) => {
    expect(refusal(config)).toBe(`configuration: ${key}.namespaces[0]: there is no \`withoutNamespace\``);
    expect(refusal({ ...config, withoutNamespace: {} })).toBe("accepted");
  });

  test.each(lists(["chat"]))("CONF-13: %s may name one that is there in development only", (_, config) => {
    expect(refusal({ ...config, development: { namespaces: [{ name: "chat" }] } })).toBe("accepted");
  });
});

describe("the configuration of events", () => {
  test("CONF-04: settings that are left out have defaults, and the queue is taken where it is bound", () => {
    const queue = { send: async () => {} };
    expect(resolveConfig({ events: { webhook, kinds } }, {}).events).toEqual({
      address: `${BACKEND}/`,
      kinds: new Set(kinds),
      namespaces: undefined,
      queue: undefined,
      sweepInterval: 60_000,
      secret: undefined,
    });
    expect(resolveConfig({ events: { webhook, kinds } }, { EVENTS: queue }).events?.queue).toBe(queue);
    expect(resolveConfig({}, { EVENTS: queue }).events).toBeUndefined();
  });

  test.each<[string, object, string]>([
    ["no webhook", { kinds }, "events.webhook"],
    ["a webhook over plain HTTP", { webhook: "http://backend.example", kinds }, "events.webhook"],
    ["no kinds", { webhook, kinds: [] }, "events.kinds"],
    ["an unknown kind", { webhook, kinds: ["member.danced"] }, "events.kinds[0]"],
    ["a queue that is missing", { webhook, kinds, queue: "MISSING" }, "events.queue"],
    ["a sweep every second", { webhook, kinds, sweepInterval: 1 }, "events.sweepInterval"],
    ["a secret that is missing", { webhook, kinds, signatureSecret: "MISSING" }, "events.signatureSecret"],
  ])("CONF-01: %s is an error that names the key", (_, events, key) => {
    expect(refusal({ events })).toContain(`configuration: ${key}:`);
  });
});
