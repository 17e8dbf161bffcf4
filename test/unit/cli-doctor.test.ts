import { describe, expect, test } from "vitest";
import { diagnose } from "../../cli/doctor/diagnose.ts";
import { readProject } from "../../cli/project/read-project.ts";
import { application, type Files, reader } from "../support/cli-folder.ts";

const findings = (files: Files, environment?: string) => diagnose(readProject(reader(files), environment));
const faults = (files: Files, environment?: string) =>
  findings(files, environment)
    .filter(({ status }) => status !== "right")
    .map(
      ({ status, about, says, mend }) =>
        `${status} ${about}: ${says}${mend === undefined ? "" : ` → ${mend}`}`,
    );

/** An application whose file has something else in one place. */
const changed = (path: string, from: string, to: string) =>
  application((files) => {
    const text = files[path] ?? "";
    expect(text).toContain(from);
    return { [path]: text.replace(from, to) };
  });
const added = (path: string, text: string) =>
  application((files) => ({ [path]: (files[path] ?? "") + text }));

const wrangler = (from: string, to: string) => changed("wrangler.toml", from, to);
const worker = (from: string, to: string) => changed("worker.ts", from, to);
const CHANNELS = '{ namespaces: [{ name: "news", history_size: 100, history_ttl: 3600 }] }';

describe("poorwill doctor", () => {
  test("CLI-10: nothing is wrong in what init writes", () => {
    expect(faults(application())).toEqual([]);
  });

  test.each<[string, Files, string]>([
    ["no Worker", wrangler('main = "worker.ts"\n', ""), "wrong main: wrangler.toml names no Worker"],
    [
      "a Worker that is not there",
      wrangler("worker.ts", "src/index.ts"),
      "wrong main: there is no src/index.ts",
    ],
    [
      "a binding that is not there",
      wrangler('name = "HUB"', 'name = "CENTER"'),
      "wrong binding HUB: is not there",
    ],
    [
      "a class that is not exported",
      worker("Room, Hub", "Room"),
      "wrong class Hub: worker.ts does not export it → export const { Hub } = gateway",
    ],
    [
      "a class that is not exported under its name",
      wrangler('class_name = "Hub"', 'class_name = "Center"'),
      "wrong class Center: worker.ts does not export it → export const { Hub: Center } = gateway",
    ],
    [
      "no migration",
      wrangler('"Room", "Hub", ', '"Room", '),
      'wrong migration of Hub: no migration makes the class → add a migration with a new tag and new_sqlite_classes = ["Hub"]',
    ],
    [
      "the wrong migration",
      wrangler("new_sqlite_classes", "new_classes"),
      "wrong migration of Hub: new_classes makes objects without SQL storage",
    ],
    [
      "a class that is gone",
      added("wrangler.toml", '[[migrations]]\ntag = "v2"\ndeleted_classes = ["Hub"]\n'),
      "wrong migration of Hub: no migration makes the class",
    ],
    [
      "a class with another name",
      added(
        "wrangler.toml",
        '[[migrations]]\ntag = "v2"\nrenamed_classes = [{ from = "Hub", to = "Center" }]\n',
      ),
      "wrong migration of Hub: no migration makes the class",
    ],
    [
      "a tag twice",
      added("wrangler.toml", '[[migrations]]\ntag = "v1"\n'),
      'wrong migrations: the tag "v1" is there twice',
    ],
    [
      "an entrypoint that is not exported",
      worker(", Outgoing", ""),
      "advice entrypoint Outgoing: is not exported",
    ],
    ["an old date", wrangler("2026-10-23", "2024-01-01"), "wrong compatibility_date: 2024-01-01 is older"],
    ["no date", wrangler('compatibility_date = "2026-10-23"', ""), "wrong compatibility_date: is not there"],
    [
      "a flag that is not there",
      wrangler('"enable_request_signal", ', ""),
      "wrong compatibility_flags: enable_request_signal is not there",
    ],
    [
      "compression",
      wrangler(', "no_web_socket_compression"', ""),
      "advice compatibility_flags: no_web_socket_compression is not there",
    ],
    ["names of closures", wrangler("keep_names = false", ""), "advice keep_names"],
    [
      "assets first",
      wrangler("run_worker_first = true", ""),
      "advice assets.run_worker_first: assets are served before",
    ],
    [
      "some paths first",
      wrangler("run_worker_first = true", 'run_worker_first = ["/api/*"]'),
      "advice assets.run_worker_first: other paths",
    ],
    ["no limit", wrangler('name = "API_RATE"', 'name = "OTHER"'), "advice rate limit API_RATE: is not there"],
    [
      "limits that count together",
      wrangler('"1002"', '"1001"'),
      "wrong ratelimits: two limits have the namespace_id 1001",
    ],
    [
      "a secret in the open",
      added("wrangler.toml", '[vars]\nAPI_KEY = "open"\n'),
      "wrong secret API_KEY: stands in wrangler.toml",
    ],
    [
      "a deployed development",
      added("wrangler.toml", '[vars]\nENVIRONMENT = "development"\n'),
      "wrong ENVIRONMENT",
    ],
    ["no secret", application(() => ({ ".dev.vars": "" })), "advice keys for tokens: are not in .dev.vars"],
    [
      "a short secret",
      application(() => ({ ".dev.vars": 'TOKEN_HMAC_SECRET="short"\n' })),
      "wrong tokens.hmacSecret: the environment binding TOKEN_HMAC_SECRET has fewer than 32 bytes",
    ],
    ["no API key", application(() => ({ ".dev.vars": "" })), "advice keys for the API"],
    [
      "secrets for git",
      application(() => ({ ".gitignore": "node_modules\n" })),
      "advice .gitignore: does not name .dev.vars",
    ],
    [
      "a wrong origin",
      added(".dev.vars", 'ALLOWED_ORIGINS="app.example.com"\n'),
      'wrong ALLOWED_ORIGINS: "app.example.com" is no origin',
    ],
    [
      "every origin",
      added("wrangler.toml", '[vars]\nALLOWED_ORIGINS = "*"\n'),
      "advice ALLOWED_ORIGINS: pages of every origin",
    ],
    [
      "a wrong option",
      worker("history_ttl: 3600", "history_tll: 3600"),
      "wrong namespaces[0].history_tll: there is no such key",
    ],
    ["no list of namespaces", worker(CHANNELS, '{ namespaces: "news" }'), "wrong namespaces: "],
    ["a namespace that is none", worker(CHANNELS, "{ namespaces: [null] }"), "wrong namespaces[0]: "],
    ["channels that are a list", worker(CHANNELS, "[1]"), "wrong 0: there is no such key"],
    [
      "an option without another",
      worker(", history_ttl: 3600", ""),
      "wrong namespaces[0].history_size: needs history_ttl",
    ],
    [
      "a binding of channels",
      worker(CHANNELS, '{ tokens: { rsaPublicKey: "MY_KEY" } }'),
      "wrong tokens.rsaPublicKey: the environment binding MY_KEY is missing",
    ],
    ["channels made by code", worker(CHANNELS, "made()"), "advice channels: are made by code"],
    ["no channels", worker(`channels: ${CHANNELS},`, ""), "advice channels: none are configured"],
  ])("CLI-11: it finds %s", (_, files, expected) => {
    expect(faults(files)).toContainEqual(expect.stringContaining(expected));
  });

  test("CLI-11: the directory is needed where the configuration has one", () => {
    const without = (operations: string) =>
      application(({ "wrangler.toml": toml = "", "worker.ts": source = "" }) => ({
        "wrangler.toml": toml.replace('"DIRECTORY"', '"OTHER"'),
        "worker.ts": source.replace("{ namespaces", `{ operations: { ${operations} }, namespaces`),
      }));
    expect(faults(without("directory: true"))).toEqual([
      expect.stringMatching(/^wrong binding DIRECTORY: is not there/),
    ]);
    expect(faults(without(""))).toEqual([expect.stringMatching(/^advice binding DIRECTORY: is not there/)]);
  });

  test("CLI-11: it takes the names of bindings that the Worker gives", () => {
    const files = application(({ "wrangler.toml": toml = "", "worker.ts": source = "" }) => ({
      "wrangler.toml": toml.replace('name = "HUB"', 'name = "CENTER"').replace('"API_RATE"', '"CALLS"'),
      "worker.ts": source.replace("rooms:", 'bindings: { HUB: "CENTER", API_RATE: "CALLS" },\n  rooms:'),
    }));
    expect(faults(files)).toEqual([]);
  });

  test("CLI-11: a class that was renamed keeps its storage, and one of another Worker is left to that", () => {
    const renamed = application(({ "wrangler.toml": toml = "", "worker.ts": source = "" }) => ({
      "wrangler.toml": `${toml.replace('class_name = "Hub"', 'class_name = "Center"')}
[[migrations]]
tag = "v2"
renamed_classes = [{ from = "Hub", to = "Center" }]
`,
      "worker.ts": source.replace("Hub,", "Hub: Center,"),
    }));
    expect(faults(renamed)).toEqual([]);
    const elsewhere = wrangler('class_name = "Hub"', 'class_name = "Hub"\nscript_name = "other"');
    expect(faults(elsewhere)).toEqual([expect.stringContaining("the class Hub of the Worker other")]);
  });

  test("CLI-13: hooks are code, and the rest of the channels is checked", () => {
    const hooks = (rest: string) => worker(CHANNELS, `{ hooks: { connect() {} }, ${rest} }`);
    expect(faults(hooks('namespaces: [{ name: "news" }]'))).toEqual([]);
    expect(faults(hooks('namespaces: [{ name: "n" }]'))).toHaveLength(1);
  });

  test("CLI-12: an environment has bindings and variables of its own, and inherits the rest", () => {
    const staging = `
[env.staging.vars]
ALLOWED_ORIGINS = "nonsense"

[[env.staging.durable_objects.bindings]]
name = "ROOM"
class_name = "Room"
`;
    const found = faults(added("wrangler.toml", staging), "staging");
    expect(found).toContainEqual(expect.stringContaining("wrong ALLOWED_ORIGINS"));
    expect(found).toContainEqual(expect.stringContaining("wrong binding HUB"));
    expect(found.some((fault) => /ROOM|migration|compatibility/.test(fault))).toBe(false);
    expect(() => findings(added("wrangler.toml", staging), "production")).toThrow("there are staging");
  });

  test.each([
    ["wrangler.toml", 'name = "x"\nmain = "', /^wrangler\.toml:2: /],
    ["wrangler.json", '{\n  "name": "x"\n  "main": "y" }', /^wrangler\.json:3: /],
    ["wrangler.jsonc", '{ "migrations": [{ "new_classes": [] }] }', /^wrangler\.jsonc: migrations\.0\.tag: /],
    ["wrangler.toml", "compatibility_date = 2026-10-23", /^wrangler\.toml: compatibility_date: /],
  ])("CLI-10: %s that cannot be read is an error that names the place: %j", (file, text, message) => {
    expect(() => findings({ [file]: text })).toThrow(message);
  });

  test("CLI-10: without a file of wrangler it says what writes one", () => {
    expect(() => findings({})).toThrow("`poorwill init` writes one");
  });
});
