import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { createTokenVerifier } from "../../src/auth/tokens.ts";
import { createNamespaces } from "../../src/channels/namespaces.ts";
import { optionEntries } from "../../src/channels/option-schema.ts";
import { type Config, resolveConfig } from "../../src/config/config.ts";
import { connectionSchema } from "../../src/config/connection.ts";
import { operationsSchema } from "../../src/config/operations.ts";
import { proxySchema } from "../../src/config/proxy.ts";
import { tokenSchema } from "../../src/config/tokens.ts";
import { AS_SHIPPED } from "../support/as-shipped.ts";

const run = promisify(execFile);
const SECRET = "change me: 32 random bytes or more";
/** What stands in the second column of a table. */
const HERE = /^\|[^|]+\|([^|]*)\|[^|]*\|$/gm;
const VARIABLE = /^[A-Z][A-Z_]+$/;

const guide = await readFile("docs/from-centrifugo.md", "utf8");
const tables = guide.split("## Where each part goes")[1]?.split("## What is not there")[0] ?? "";
const absent = guide.split("## What is not there")[1]?.split("## On the day")[0] ?? "";

const under = (part: string, entries: object) => Object.keys(entries).map((key) => `${part}.${key}`);
const settings = new Set([
  ...["connection", "tokens", "subscriptionTokens", "namespaces", "withoutNamespace", "proxy"],
  ...under("connection", connectionSchema.entries),
  ...under("tokens", tokenSchema.entries),
  ...under("namespaces", optionEntries),
  ...under("proxy", proxySchema.entries),
  ...under("operations", operationsSchema.entries),
  // What the endpoint of questions about channels has besides its address.
  ...["proxy.subscribe.namespaces", "proxy.publish.namespaces"],
]);

describe("the guide for who comes from Centrifugo", () => {
  test("GUIDE-06: every setting, variable and address that it names is there", async () => {
    const environment = (await readFile(AS_SHIPPED, "utf8")) + (await readFile(".dev.vars.example", "utf8"));
    const routes = await readFile("src/app.ts", "utf8");
    const names = [...tables.matchAll(HERE)].flatMap(([, cell = ""]) => cell.match(/[^`\s,]+(?=`)/g) ?? []);
    expect(names.length).toBeGreaterThan(40);
    for (const name of names) {
      if (name.startsWith("/")) expect(routes).toContain(`"${name}"`);
      else if (VARIABLE.test(name) || environment.includes(`"${name}"`)) expect(environment).toContain(name);
      else expect(settings, name).toContain(name);
    }
  });

  test("GUIDE-06: it names every setting of tokens, and of connections that a Centrifugo server has", () => {
    const ours = new Set(["commandRate", "byteRate", "replyMaxLength"]);
    const inTheEnvironment = [
      "hmacSecret",
      "hmacPreviousSecret",
      "rsaPublicKey",
      "ecdsaPublicKey",
      "jwksEndpoint",
    ];
    const wanted = [
      ...Object.keys(connectionSchema.entries)
        .filter((key) => !ours.has(key))
        .map((key) => `connection.${key}`),
      ...Object.keys(tokenSchema.entries)
        .filter((key) => !inTheEnvironment.includes(key))
        .map((key) => `tokens.${key}`),
      ...under("proxy", proxySchema.entries).filter((key) => key !== "proxy.signatureSecret"),
    ];
    for (const name of wanted) expect(tables).toContain(`\`${name}\``);
  });

  test("GUIDE-06: its example becomes the configuration that stands beside it", async () => {
    const theirs = JSON.parse(blockOf("json centrifugo"));
    const config = await configOf(blockOf("ts config.ts"));
    const { client, channel } = theirs;
    const { connection, tokens, proxy } = resolveConfig(config, { TOKEN_HMAC_SECRET: SECRET });
    expect(tokens).toEqual({ hmacSecret: SECRET, audience: client.token.audience });
    expect(connection).toMatchObject({
      channelLimit: client.channel_limit,
      personalChannel: {
        enabled: client.subscribe_to_user_personal_channel.enabled,
        namespace: client.subscribe_to_user_personal_channel.personal_channel_namespace,
      },
    });
    const named = channel.namespaces.map(
      ({ publish_proxy_enabled: _, history_ttl: ttl, ...rest }: Record<string, unknown>) => ({
        ...rest,
        ...(ttl === undefined ? {} : { history_ttl: Number.parseInt(String(ttl), 10) }),
      }),
    );
    expect(config.namespaces).toEqual(named);
    expect(proxy?.endpoints).toMatchObject({
      refresh: { address: client.proxy.refresh.endpoint },
      publish: { address: channel.proxy.publish.endpoint, timeout: 2_000, namespaces: ["chat"] },
    });
  });

  test("GUIDE-06: options of namespaces that it says are not there are none", () => {
    const options = [
      "allowed_delta_types",
      "delta_publish",
      "allow_tags_filter",
      "subscribe_stream_proxy_enabled",
    ];
    for (const option of options) {
      expect(absent).toContain(`\`${option}\``);
      expect(() => createNamespaces({ namespaces: [{ name: "chat", [option]: true }] })).toThrow(
        `namespaces[0].${option}`,
      );
    }
  });

  test.each(["docs/from-centrifugo.md", "docs/channels.md"])(
    "GUIDE-07: the command in %s makes a token that the gateway believes",
    async (file) => {
      const command = blockOf("sh token", await readFile(file, "utf8"));
      const path = [resolve("node_modules/.bin"), process.env.PATH].join(delimiter);
      const { stdout } = await run("bash", ["-c", command], { env: { ...process.env, PATH: path } });
      const verified = await createTokenVerifier({ hmacSecret: SECRET }).connection(stdout.trim());
      expect(verified).toMatchObject({ kind: "valid", claims: { user: "ann" } });
      expect(
        await createTokenVerifier({ hmacSecret: `another: ${SECRET}` }).connection(stdout.trim()),
      ).toMatchObject({
        kind: "invalid",
      });
    },
  );
});

function blockOf(description: string, text = guide): string {
  const code = text.split(`\`\`\`${description}\n`)[1]?.split("\n```")[0];
  if (code === undefined) throw new Error(`no block of code is ${description}`);
  return code;
}

/** The configuration that a file of this code exports. */
async function configOf(code: string): Promise<Config> {
  const directory = await mkdtemp(join(tmpdir(), "poorwill-guide-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, "config.ts");
  await writeFile(file, code);
  const module: { config: Config } = await import(pathToFileURL(file).href);
  return module.config;
}
